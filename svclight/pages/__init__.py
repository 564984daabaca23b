"""Plain data -> pages and files: HTML, Markdown, CSV, JUnit, annotations."""
