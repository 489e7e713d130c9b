document.querySelector("#api-base").textContent = `${location.origin}/telegram`;
