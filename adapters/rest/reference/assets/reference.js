// Shows the contract that this server answers with, as one that is asked here:
// "Try it out" goes to this server, whatever its address.
fetch("openapi.json")
  .then((answer) => answer.ok ? answer.json() : Promise.reject(new Error("openapi.json: " + answer.status)))
  .then((contract) => {
    contract.servers = [{ url: new URL(".", location.href).href.replace(/\/$/, ""), description: "This server" }];
    SwaggerUIBundle({
      spec: contract,
      dom_id: "#reference",
      deepLinking: true,
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
      defaultModelExpandDepth: 3,
      displayRequestDuration: true,
      filter: true,
      validatorUrl: null,
    });
  })
  .catch((fault) => {
    document.getElementById("reference").textContent = "The contract can't be shown: " + fault.message;
  });
