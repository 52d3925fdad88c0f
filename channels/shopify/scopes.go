package shopify

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

// scopesLast is how long it is believed what an app may do.
const scopesLast = 10 * time.Minute

// mayRoute tells an order that is not routed yet from an app that may not see
// fulfillment orders: without the scopes they are left out without a word.
func (s *Shop) mayRoute(ctx context.Context) error {
	return s.granted(ctx, "_fulfillment_orders", "fulfillment orders are hidden without read_merchant_managed_fulfillment_orders or its like")
}

// granted returns [mip.ErrUnauthorized] unless the app has a scope that ends
// in suffix.
func (s *Shop) granted(ctx context.Context, suffix, why string) error {
	scopes, err := s.askScopes(ctx)
	if err != nil {
		return err
	}
	for scope := range scopes {
		if strings.HasSuffix(scope, suffix) {
			return nil
		}
	}
	return &mip.Error{Op: "shopify: " + docScopes.name, Kind: mip.ErrUnauthorized, Code: "missing_scope",
		Err: errors.New(why)}
}

func (s *Shop) askScopes(ctx context.Context) (map[string]bool, error) {
	s.scopes.Lock()
	granted := s.scopes.granted
	if time.Since(s.scopes.at) > scopesLast {
		granted = nil
	}
	s.scopes.Unlock()
	if granted != nil {
		return granted, nil
	}
	var out struct {
		Installation *struct {
			Scopes []struct{ Handle string } `json:"accessScopes"`
		} `json:"currentAppInstallation"`
	}
	if err := s.do(ctx, docScopes, map[string]any{}, &out); err != nil {
		return nil, err
	}
	if out.Installation == nil {
		return nil, contract(docScopes.name)
	}
	granted = map[string]bool{}
	for _, scope := range out.Installation.Scopes {
		granted[scope.Handle] = true
	}
	s.scopes.Lock()
	defer s.scopes.Unlock()
	s.scopes.granted, s.scopes.at = granted, time.Now()
	return granted, nil
}
