package bigbuytest

import (
	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/mip/rest"
)

// Supplier returns a BigBuy supplier that calls the server in-process. Where c
// leaves them open, the key, the address and the transport are the server's.
// It panics if c cannot work.
func (s *Server) Supplier(c bigbuy.Config) *bigbuy.Supplier {
	if !c.Key.Set() {
		c.Key = rest.NewSecret(s.token)
	}
	if c.BaseURL == "" {
		c.BaseURL = URL
	}
	if c.Transport == nil {
		c.Transport = s.Transport()
	}
	supplier, err := bigbuy.New(c)
	if err != nil {
		panic("bigbuytest: " + err.Error())
	}
	return supplier
}
