// Scrolls to the quote that the permalink points at.
document.getElementById("quote")?.scrollIntoView({ block: "center" });
