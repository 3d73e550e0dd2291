import "@builder.io/qwik/qwikloader.js";
import { component$, render } from "@builder.io/qwik";

const Page = component$(() => <h1>vite-qwik says {6 * 7}</h1>);

render(document.getElementById("app"), <Page />);
