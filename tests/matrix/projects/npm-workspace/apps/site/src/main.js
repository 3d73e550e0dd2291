import { said } from "said";

document.getElementById("says").textContent = `npm-workspace says ${said}`;
