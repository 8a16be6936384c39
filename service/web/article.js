// Open the page at the quote; without scripts the mark is there all the same.
document.getElementById("quote")?.scrollIntoView({ block: "center" });
