document.getElementById("says").textContent = `yarn-pnp says ${6 * 7}`;
