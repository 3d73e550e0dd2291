import { useState } from "react";

export default function App() {
  const [presses, setPresses] = useState(0);

  return (
    <main>
      <h1>Your site is live</h1>
      <p>
        This page is <code>src/App.jsx</code>. Change it, deploy again, and the new one is here.
      </p>
      <button onClick={() => setPresses(presses + 1)}>Pressed {presses} times</button>
    </main>
  );
}
