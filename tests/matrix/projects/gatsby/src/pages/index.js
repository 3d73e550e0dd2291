import React from "react";

export default function Page() {
  return <h1>gatsby says {6 * 7}</h1>;
}
