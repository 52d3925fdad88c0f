package paypal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"

	"github.com/openmip/openmip/mip"
)

// ReturnHandler is the page to which PayPal sends payers back, at
// [DirectConfig].ReturnURL. It says in one sentence what happens next, which
// page replaces if it is not nil; approved is false for payers who cancelled.
// It trusts nothing that the address says beyond its own signature, tells
// [DirectConfig].Moved, and answers the same however often it is opened.
func (d *DirectPayment) ReturnHandler(page func(w http.ResponseWriter, r *http.Request, approved bool)) http.Handler {
	if page == nil {
		page = plainPage
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		q := req.URL.Query()
		key := q.Get("payment")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		if req.Method != http.MethodGet && req.Method != http.MethodHead {
			http.Error(w, "GET only", http.StatusMethodNotAllowed)
			return
		}
		if len(key) > 64 || !hmac.Equal([]byte(q.Get("sign")), []byte(d.sign(key))) {
			http.Error(w, "This address is not complete.", http.StatusNotFound)
			return
		}
		res, _, err := d.read(req.Context(), key)
		switch {
		case errors.Is(err, mip.ErrNotFound):
			http.Error(w, "This payment is not known.", http.StatusNotFound)
			return
		case err == nil && d.config.Moved != nil:
			err = d.config.Moved(req.Context(), res.Ref)
		}
		if err != nil {
			// Nothing is lost: the next look finds out.
			w.Header().Set("Retry-After", "60")
		}
		page(w, req, q.Get("end") != "cancel")
	})
}

func plainPage(w http.ResponseWriter, _ *http.Request, approved bool) {
	text := "Thank you. The payment is being completed; you can close this page."
	if !approved {
		text = "The payment was not approved. The link stays open until it expires."
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(text + "\n"))
}

// back is the address to which a payer returns.
func (d *DirectPayment) back(key, end string) string {
	u, err := url.Parse(d.config.ReturnURL)
	if err != nil {
		return "" // cannot be: the config was checked
	}
	q := u.Query()
	q.Set("payment", key)
	q.Set("sign", d.sign(key))
	if end != "" {
		q.Set("end", end)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func (d *DirectPayment) sign(key string) string {
	m := hmac.New(sha256.New, []byte(d.config.Secret.Reveal()))
	_, _ = m.Write([]byte("paypal return " + key))
	return hex.EncodeToString(m.Sum(nil))[:40]
}
