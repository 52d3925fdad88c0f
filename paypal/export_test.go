package paypal

// Classes are the issues that are known, for the list in ISSUES.md.
func Classes() map[string]Class { return classes }
