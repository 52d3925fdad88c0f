package channeltest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"github.com/openmip/openmip/mip"
)

// guardChecks: nothing leaks, neither words nor goroutines.
func guardChecks() []Check {
	return []Check{
		{"secrets and personal data stay out of errors and logs", "Errors and log lines travel: to dashboards, tickets and mail. They name the operation and the order, never a credential, a buyer, an address or the text of an answer.", secrets},
		{"printing the channel tells no secret", "Sooner or later somebody prints a configuration or a channel. A credential in a type that has no printable form stays hidden.", printed},
		{"it is safe for concurrent use", "Readers, reports and webhooks use one channel at the same time. Run the tests with -race: it sees what this check cannot.", concurrent},
		{"no goroutine is left behind", "After a loop that was left, a failure or a cancelled call nothing keeps running.", noGoroutines},
	}
}

// leaks collects what the channel says while things go wrong.
type leaks struct {
	said  []string
	words map[string]string // forbidden text → what it is
}

func (l *leaks) hear(err error) {
	for ; err != nil; err = errors.Unwrap(err) {
		l.said = append(l.said, err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err))
	}
}

func (l *leaks) forbid(what string, words ...string) {
	for _, w := range words {
		if len(w) < 4 {
			continue
		}
		l.words[w] = what
		if what == "a secret" {
			l.words[url.QueryEscape(w)] = what
			l.words[base64.StdEncoding.EncodeToString([]byte(w))] = what
		}
	}
}

func (l *leaks) found(logs string) error {
	for word, what := range l.words {
		for _, s := range l.said {
			if strings.Contains(s, word) {
				return fmt.Errorf("an error tells %s: %s", what, strings.ReplaceAll(s, word, "▇▇▇"))
			}
		}
		if i := strings.Index(logs, word); i >= 0 {
			return fmt.Errorf("a log line tells %s: … %s▇▇▇", what, logs[max(0, i-80):i])
		}
	}
	return nil
}

// canary is an order whose personal data can be recognised anywhere.
func canary() mip.Facts {
	f := Order(1)
	a := &f.ShipTo
	a.FirstName, a.LastName, a.Company = "Canaryfirst", "Canarylast", "Canarycompany"
	a.Line1, a.Line2, a.City, a.Email, a.Phone = "Canary Street 77", "Canary Floor", "Canarytown", "canary@example.org", "+34699000777"
	f.Note = "Canary note to the driver"
	return f
}

// indiscreet are faults whose answers tell what nobody may pass on.
func indiscreet(f mip.Facts, secrets []string) []Fault {
	a := f.ShipTo
	body := `{"code":"invalid","message":"` + strings.Join([]string{a.FirstName, a.Line1, a.Email, a.Phone, f.Note}, " ") +
		`","sent":"` + strings.Join(secrets, `","`) + `"}`
	out := []Fault{{Times: -1}, {Hang: true, Times: -1}, {Body: body[:40], Times: -1}}
	for _, status := range []int{200, 302, 400, 401, 403, 404, 409, 422, 429, 500} {
		out = append(out, Fault{Status: status, Body: body, Type: "application/json", Times: -1})
	}
	return out
}

func secrets(p *probe) error {
	f := canary()
	a := f.ShipTo
	l := &leaks{words: map[string]string{}}
	l.forbid("a secret", p.Secrets...)
	l.forbid("personal data", a.FirstName, a.LastName, a.Company, a.Line1, a.Line2, a.City, a.Email, a.Phone, f.Note)
	kept, err := p.put(f)
	if err != nil {
		return err
	}
	for _, q := range []Quirk{BadPrice, HalfPiece, OddStatus} {
		if _, err := p.sell(Sale{Facts: f, Quirk: q}); err != nil && !errors.Is(err, ErrNotConcerned) {
			return err
		}
	}
	p.settle()
	if err := p.listen(l, kept, false); err != nil { // all is well
		return err
	}
	for _, fault := range indiscreet(f, p.Secrets) {
		p.Net.Fail(fault)
		err := p.listen(l, kept, true)
		p.Net.Fail()
		if err != nil {
			return err
		}
		time.Sleep(time.Hour)
	}
	if p.BadKey != nil {
		l.hear(p.BadKey.Report(p.ctx, kept.Ref, shipped(parcel(kept, 0))))
	}
	return l.found(p.logs.String())
}

func printed(p *probe) error {
	l := &leaks{words: map[string]string{}}
	l.forbid("a secret", p.Secrets...)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		l.said = append(l.said, fmt.Sprintf(verb, p.Channel))
	}
	if b, err := json.Marshal(p.Channel); err == nil {
		l.said = append(l.said, string(b))
	}
	if err := l.found(""); err != nil {
		return errors.New("the channel prints a secret")
	}
	return nil
}

// listen makes every call there is and keeps what the errors say.
func (p *probe) listen(l *leaks, kept mip.Facts, cancel bool) error {
	r, err := p.read(p.ctx, "", nil)
	if err != nil {
		return err
	}
	l.hear(r.err)
	l.hear(p.Channel.Report(p.ctx, kept.Ref, shipped(parcel(kept, 0))))
	if g, ok := p.Channel.(mip.Getter); ok {
		_, err := g.Order(p.ctx, kept.Ref.ID)
		l.hear(err)
	}
	if c, ok := p.Channel.(mip.Canceller); ok && cancel {
		l.hear(c.Cancel(p.ctx, kept.Ref, kept.Note))
	}
	return nil
}

func concurrent(p *probe) error {
	want, err := p.stock(40, time.Second)
	if err != nil {
		return err
	}
	p.settle()
	if err := p.crowd(want); err != nil {
		return err
	}
	p.settle()
	r, err := p.all("")
	if err != nil {
		return err
	}
	for id, f := range want {
		if _, ok := r.orders[id]; !ok {
			return fmt.Errorf("order %s does not come any more", f.Ref)
		}
		if err := p.shows(f, shipped(parcel(f, 0))); err != nil {
			return err
		}
	}
	return nil
}

// crowd reads, fetches and reports everything at once.
func (p *probe) crowd(want map[string]mip.Facts) error {
	var mu sync.Mutex
	var errs []error
	note := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		errs = append(errs, err)
	}
	orders := p.Channel.Orders(p.ctx, "") // one value, ranged over by all
	var wg sync.WaitGroup
	start := make(chan struct{}) // all begin together
	for range 8 {
		wg.Go(func() {
			<-start
			for page, err := range orders {
				note(err)
				for _, f := range page.Orders {
					note(sound(p.Channel.Name(), f))
				}
			}
		})
	}
	for _, f := range want {
		wg.Go(func() {
			<-start
			note(p.Channel.Report(p.ctx, f.Ref, shipped(parcel(f, 0))))
		})
		if g, ok := p.Channel.(mip.Getter); ok {
			wg.Go(func() {
				<-start
				_, err := g.Order(p.ctx, f.Ref.ID)
				note(err)
			})
		}
	}
	close(start)
	wg.Wait()
	return errors.Join(errs...)
}

func noGoroutines(p *probe) error {
	if _, err := p.stock(p.Many, 0); err != nil {
		return err
	}
	p.settle()
	for range p.Channel.Orders(p.ctx, "") {
		break
	}
	for _, f := range []Fault{{}, {Status: 500, Body: WebPage, Times: -1}, {Hang: true}} {
		ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
		p.Net.Fail(f)
		_, err := p.read(ctx, "", nil)
		_ = p.Channel.Report(ctx, mip.Ref{Channel: p.Channel.Name(), ID: p.Unknown}, shipped())
		p.Net.Fail()
		cancel()
		if err != nil {
			return err
		}
	}
	synctest.Wait()
	return nil // the bubble's end tells who is still waiting
}
