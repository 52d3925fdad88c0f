package paypal

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const (
	keptCertificates = 16             // PayPal signs with one or two at a time
	fetchesPerMinute = 10             // forged addresses must not make us knock at PayPal's
	certificateLife  = 24 * time.Hour // then it is fetched again
	maxCertificate   = 64 << 10       // bytes of a file
)

// certificates keeps the files by address.
type certificates struct {
	config VerifierConfig
	flight singleflight.Group

	mu      sync.Mutex
	kept    map[string]kept
	fetched []time.Time // within the last minute
}

type kept struct {
	chain []*x509.Certificate // the first signs
	at    time.Time
}

func newCertificates(c VerifierConfig) *certificates {
	return &certificates{config: c, kept: map[string]kept{}}
}

// key returns the key that signed at an instant, of a certificate that was
// good then.
func (c *certificates) key(ctx context.Context, address string, at time.Time) (*rsa.PublicKey, error) {
	chain, err := c.chain(ctx, address)
	if err != nil {
		return nil, err
	}
	return trusted(chain, c.config.Roots, at)
}

func (c *certificates) chain(ctx context.Context, address string) ([]*x509.Certificate, error) {
	if chain := c.get(address); chain != nil {
		return chain, nil
	}
	done := c.flight.DoChan(address, func() (any, error) {
		if chain := c.get(address); chain != nil {
			return chain, nil
		}
		if !c.mayFetch() {
			return nil, unavailable(errors.New("too many certificates were asked for"))
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		raw, err := c.config.Fetch(ctx, address)
		switch {
		case err != nil && errors.Is(err, mip.ErrUnauthorized):
			return nil, forged("there is no such certificate")
		case err != nil:
			return nil, unavailable(errors.New("the certificate cannot be fetched"))
		}
		chain, err := parseChain(raw)
		if err != nil {
			return nil, err
		}
		c.keep(address, chain)
		return chain, nil
	})
	select {
	case r := <-done:
		chain, _ := r.Val.([]*x509.Certificate)
		return chain, r.Err
	case <-ctx.Done():
		return nil, unavailable(ctx.Err())
	}
}

func (c *certificates) get(address string) []*x509.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.kept[address]; ok && c.config.Now().Sub(k.at) < certificateLife {
		return k.chain
	}
	return nil
}

func (c *certificates) keep(address string, chain []*x509.Certificate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= keptCertificates {
		oldest := ""
		for a, k := range c.kept {
			if oldest == "" || k.at.Before(c.kept[oldest].at) {
				oldest = a
			}
		}
		delete(c.kept, oldest)
	}
	c.kept[address] = kept{chain, c.config.Now()}
}

func (c *certificates) mayFetch() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.config.Now()
	c.fetched = slices.DeleteFunc(c.fetched, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	if len(c.fetched) >= fetchesPerMinute {
		return false
	}
	c.fetched = append(c.fetched, now)
	return true
}

// address refuses a certificate's address outside paypal.com.
func address(text string) error {
	u, err := url.Parse(text)
	if err != nil || len(text) > 500 || u.Scheme != "https" || u.User != nil || u.Port() != "" && u.Port() != "443" || !payPalHost(u.Hostname()) {
		return forged("the certificate's address is not PayPal's")
	}
	return nil
}

func payPalHost(host string) bool {
	host = strings.ToLower(host)
	return host == "paypal.com" || strings.HasSuffix(host, ".paypal.com")
}

// parseChain reads the certificates of a file, the signing one first.
func parseChain(raw []byte) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	for block, more := pem.Decode(raw); block != nil && len(chain) < 8; block, more = pem.Decode(more) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, forged("the certificate cannot be read")
		}
		chain = append(chain, cert)
	}
	if len(chain) == 0 {
		return nil, forged("there is no certificate at the address")
	}
	return chain, nil
}

// trusted returns the key of a certificate that is PayPal's, may sign, and
// leads to a root.
func trusted(chain []*x509.Certificate, roots *x509.CertPool, at time.Time) (*rsa.PublicKey, error) {
	leaf, between := chain[0], x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	key, ok := leaf.PublicKey.(*rsa.PublicKey)
	switch {
	case !ok || key.Size() < 256:
		return nil, forged("the certificate has no RSA key of 2048 bits or more")
	case leaf.IsCA, leaf.KeyUsage != 0 && leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0:
		return nil, forged("the certificate is not for signatures")
	case !slices.ContainsFunc(leaf.DNSNames, payPalHost):
		return nil, forged("the certificate is not PayPal's")
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	if err != nil {
		return nil, forged("the certificate does not lead to a trusted root, or was not valid then")
	}
	return key, nil
}

// download reads a file over transport; nil means net/http's default.
func download(transport http.RoundTripper) func(context.Context, string) ([]byte, error) {
	if transport == nil {
		transport = http.DefaultTransport
	}
	return func(ctx context.Context, address string) ([]byte, error) {
		u, err := url.Parse(address)
		if err != nil {
			return nil, forged("the certificate's address is not PayPal's")
		}
		r, err := rest.New(rest.Config{Name: "paypal", BaseURL: "https://" + u.Host, Transport: transport,
			Timeout: 10 * time.Second, MaxBody: maxCertificate, Retry: mip.Backoff{Tries: 1}})
		if err != nil {
			return nil, err
		}
		var answer rest.Response
		if err := r.Do(ctx, rest.Call{Path: "/certificate", URL: address, Reply: &answer}); err == nil {
			return answer.Body, nil
		} else if mip.Repeatable(err) {
			return nil, unavailable(err)
		}
		return nil, forged("there is no certificate at the address")
	}
}

func unavailable(err error) error {
	return &mip.Error{Op: "paypal: webhook", Kind: mip.ErrUnavailable, Err: err}
}
