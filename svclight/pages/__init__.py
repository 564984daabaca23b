"""Plain data -> pages and files: HTML, Markdown, Excel, CSV, JUnit, annotations."""
