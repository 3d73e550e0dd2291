import { LitElement, html } from "lit";

customElements.define(
  "says-element",
  class extends LitElement {
    createRenderRoot() {
      return this;
    }

    render() {
      return html`<h1>vite-lit says ${6 * 7}</h1>`;
    }
  },
);
