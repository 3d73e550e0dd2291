import { createRoot } from "react-dom/client";

function Page() {
  return <h1>vite-react says {6 * 7}</h1>;
}

createRoot(document.getElementById("app")).render(<Page />);
