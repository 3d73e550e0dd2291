import React, { useState } from "react";

export function App() {
  const [count, setCount] = useState(0);

  return (
    <main>
      <h1>Deployed by Libra Deploy</h1>
      <p>This page was built by Vite in a sandbox and rendered by React in your browser.</p>
      <button onClick={() => setCount(count + 1)}>clicked {count} times</button>
    </main>
  );
}
