import { render } from "solid-js/web";

render(() => <h1>vite-solid says {6 * 7}</h1>, document.getElementById("app"));
