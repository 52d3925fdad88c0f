// Package shopifytest is a Shopify shop in memory, as far as orders go: the
// Admin GraphQL API 2026-10 over HTTP, with access tokens, scopes, a bucket of
// points, a search index that lags, routing, holds, fulfillments, cancelling
// jobs and webhooks.
//
//	shop := shopifytest.New(shopifytest.Config{})
//	id := shop.Buy(shopifytest.Order{})
//	channel, err := shopify.New(shopify.Config{Name: "shop", URL: shop.URL(),
//		Token: rest.NewSecret(shopifytest.DefaultToken), Transport: shop.Transport()})
//
// Time is that of package time, so the shop lives in synctest bubbles; it has
// no goroutines of its own. Without a [Config.Schema] documents are parsed and
// fields that the shop does not know are refused; with one every document and
// its variables are validated against it. [Schema] finds Shopify's.
//
// What a query costs is the shop's own formula, as Shopify's is not public.
package shopifytest
