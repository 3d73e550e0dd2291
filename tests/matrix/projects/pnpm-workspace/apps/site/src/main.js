import { said } from "said";

document.getElementById("says").textContent = `pnpm-workspace says ${said}`;
