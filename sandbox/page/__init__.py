"""The chat page on which one person plays everybody, and the HTTP interface behind it."""
