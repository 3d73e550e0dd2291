import { render } from "preact";

render(<h1>vite-preact says {6 * 7}</h1>, document.getElementById("app"));
