package channeltest

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/mip"
)

// hookChecks: pushed messages are believed only if they are signed.
func hookChecks() []Check {
	return []Check{
		{"a signed delivery names its order", "A delivery is a hint: it names the orders to fetch anew. Its ID is the same when it is sent twice, so that the repetition is known.", signedHook},
		{"a wrong or missing signature is ErrUnauthorized", "Anybody can post to the address. The signature is over the body as it came, is compared in constant time, and its absence is no permission.", forgedHook},
		{"a ping names no order", "Platforms try an address out before they use it; a ping is acknowledged and forgotten.", pingHook},
		{"a delivery of another topic names no order", "Products and customers have ids too, and new topics come with every version: what is not about orders is acknowledged and forgotten.", chatHook},
		{"a delivery holds ids and words, no personal data", "Deliveries are kept until they are handled: id, topic and refs, short and printable, and nothing of what the body says about people.", discreetHook},
	}
}

func (p *probe) webhook() (channels.Webhook, error) {
	w, ok := p.Channel.(channels.Webhook)
	switch {
	case !ok:
		return nil, skip("the channel is no channels.Webhook")
	case p.Hooks == nil:
		return nil, errors.New("the channel reads webhooks, but the world has no Hooks to make them")
	}
	return w, nil
}

func signedHook(p *probe) error {
	w, err := p.webhook()
	if err != nil {
		return err
	}
	a, b, err := p.two()
	if err != nil {
		return err
	}
	before := p.Net.Requests()
	var ids []string
	for _, f := range []mip.Facts{a, b, a} {
		h, body := p.Hooks.Hook(f.Ref.ID)
		for range 2 {
			d, err := w.Webhook(h.Clone(), bytes.Clone(body))
			if err != nil {
				return err
			}
			if !slices.Equal(d.Refs, []mip.Ref{f.Ref}) {
				return fmt.Errorf("want %v, the delivery names %v", f.Ref, d.Refs)
			}
			ids = append(ids, d.ID)
		}
	}
	if ids[0] == "" || ids[0] != ids[1] || ids[0] == ids[2] {
		return fmt.Errorf("one delivery twice and another one have the ids %q", ids[:3])
	}
	if p.Net.Requests() > before {
		return errors.New("reading a delivery makes a request; fetching is for the receiver")
	}
	return nil
}

func forgedHook(p *probe) error {
	w, err := p.webhook()
	if err != nil {
		return err
	}
	a, b, err := p.two()
	if err != nil {
		return err
	}
	ha, bodyA := p.Hooks.Hook(a.Ref.ID)
	_, bodyB := p.Hooks.Hook(b.Ref.ID)
	plain := http.Header{}
	if t := ha.Get("Content-Type"); t != "" {
		plain.Set("Content-Type", t)
	}
	blank := ha.Clone()
	for k := range blank {
		blank.Set(k, "")
	}
	for _, forged := range []struct {
		what string
		h    http.Header
		body []byte
	}{
		{"another order's body under a good signature", ha.Clone(), bodyB},
		{"one more byte at the end", ha.Clone(), append(bytes.Clone(bodyA), ' ')},
		{"no signature", plain, bodyA},
		{"no header at all", http.Header{}, bodyA},
		{"empty headers", blank, bodyA},
		{"an empty body under a good signature", ha.Clone(), []byte{}},
	} {
		d, err := w.Webhook(forged.h, bytes.Clone(forged.body))
		if !errors.Is(err, mip.ErrUnauthorized) {
			return fmt.Errorf("%s: want mip.ErrUnauthorized, got %v and the orders %v", forged.what, err, d.Refs)
		}
		if len(d.Refs) > 0 {
			return fmt.Errorf("%s: refused, but it still names %v", forged.what, d.Refs)
		}
	}
	return nil
}

func pingHook(p *probe) error {
	w, err := p.webhook()
	if err != nil {
		return err
	}
	h, body := p.Hooks.Ping()
	if body == nil {
		return skip("the platform sends no ping")
	}
	d, err := w.Webhook(h, body)
	if err != nil {
		return err
	}
	if len(d.Refs) > 0 {
		return fmt.Errorf("it names %v", d.Refs)
	}
	return nil
}

func chatHook(p *probe) error {
	w, err := p.webhook()
	if err != nil {
		return err
	}
	hooks, ok := p.Hooks.(Chatter)
	if !ok {
		return skip("the platform pushes nothing else")
	}
	a, _, err := p.two()
	if err != nil {
		return err
	}
	h, body := hooks.Chat(a.Ref.ID)
	d, err := w.Webhook(h, body)
	if err != nil {
		return fmt.Errorf("it is an error, and the platform would send it again and again: %w", err)
	}
	if len(d.Refs) > 0 {
		return fmt.Errorf("it names %v", d.Refs)
	}
	return nil
}

func discreetHook(p *probe) error {
	w, err := p.webhook()
	if err != nil {
		return err
	}
	f := canary()
	kept, err := p.put(f)
	if err != nil {
		return err
	}
	p.settle()
	h, body := p.Hooks.Hook(kept.Ref.ID)
	d, err := w.Webhook(h, body)
	if err != nil {
		return err
	}
	for what, text := range map[string]string{"id": d.ID, "topic": d.Topic} {
		if len(text) > 128 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }) {
			return fmt.Errorf("the %s is no printable text of at most 128 bytes: it has %d", what, len(text))
		}
		if strings.Contains(text, "anary") {
			return fmt.Errorf("the %s tells personal data", what)
		}
	}
	return nil
}
