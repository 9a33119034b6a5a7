// Shows the interface's document with Swagger UI, from its wheel, laid out so that it can be read
// with a keyboard and a screen reader.
const place = document.getElementById("swagger");

// Swagger's own layout brings a second main and a heading that the page has already.
const Layout = ({ React }) => function Plain({ getComponent, specSelectors }) {
  const draw = (name, contained) => React.createElement(getComponent(name, contained));
  if (!specSelectors.specStr()) {
    return null;
  }
  return React.createElement("div", { className: "swagger-ui" }, draw("SvgAssets"),
    React.createElement("div", { className: "authorise" }, draw("AuthorizeBtnContainer", true)),
    draw("errors", true), draw("operations", true));
};
const plain = (system) => ({
  components: { Plain: Layout(system) },
  wrapComponents: {
    // A link inside the button that opens an operation: text says the same.
    DeepLink: (_original, { React }) => ({ text }) => React.createElement("span", null, text),
  },
});

// Samples may be wider than the screen: let the keyboard scroll them.
new MutationObserver(() => {
  for (const sample of place.querySelectorAll("pre:not([tabindex])")) {
    sample.tabIndex = 0;
  }
}).observe(place, { childList: true, subtree: true });
window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  plugins: [plain],
  layout: "Plain",
  docExpansion: "list",
  validatorUrl: null, // the default asks another host
});
