"""What makes the site: pages are read, examples run, equations proved, and the results published."""
