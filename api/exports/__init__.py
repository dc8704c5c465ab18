"""Every list of the staff pages as a workbook, from the query that the page itself uses."""
