package shopify

// Documents are all GraphQL documents that are ever sent, by name.
func Documents() map[string]string {
	out := map[string]string{}
	for _, d := range []document{docOrders, docOrder, docLines, docRoutes, docRouted, docScopes, docWork, docWorkMore, docWorkLines, docSent,
		docShip, docTrack, docRemember, docCancel} {
		out[d.name] = d.text
	}
	return out
}

// SetDeep changes how many things of one search are read.
func (s *Shop) SetDeep(n int) { s.deep = n }

// Companies are the carriers whose spelling is Shopify's.
func Companies() []string { return companies }
