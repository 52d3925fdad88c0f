package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/wallet"
)

// parts is everything that was joined.
type parts struct {
	engine   *engine.Engine
	shops    []mip.Channel
	hooks    *channels.Webhooks // nil: no shop pushes
	direct   *paypal.DirectPayment
	verifier *paypal.Verifier // nil: PayPal does not push
}

// assemble builds what the configuration describes over a store. It calls
// nobody. An adapter that refuses its settings is named by its place.
func assemble(c *config, s *opened, t *telemetry, log *slog.Logger) (*parts, error) {
	p := &parts{}
	at := func(place string, err error) error { return fmt.Errorf("%s: %w", place, err) }
	supplier, err := bigbuy.New(bigbuy.Config{
		Key: c.BigBuy.Key, Sandbox: c.BigBuy.Sandbox, BaseURL: c.BigBuy.URL, Language: c.BigBuy.Language,
		Carriers: c.BigBuy.Carriers, Silence: c.BigBuy.Silence, Payments: c.methods(), Limiter: s.limit,
		Logger: log, Seen: t.seen("bigbuy"),
	})
	if err != nil {
		return nil, at("bigbuy", err)
	}
	pushed := []channels.Pushed{}
	for i, shop := range c.Channels {
		ch, err := shop.Settings.open(outside{log: log, seen: t.seen(shop.Settings.name())})
		if err != nil {
			return nil, at(fmt.Sprintf("channels[%d]", i), err)
		}
		p.shops = append(p.shops, ch)
		if hook, ok := ch.(channels.Pushed); ok && shop.Settings.pushes() {
			pushed = append(pushed, hook)
		}
	}
	payments, err := p.payments(c, s, supplier, t, log)
	if err != nil {
		return nil, err
	}
	hooks := t.hooks()
	tell := hooks.Transition
	hooks.Transition = func(ctx context.Context, ref mip.Ref, ch mip.Change) {
		tell(ctx, ref, ch)
		if p.hooks != nil {
			p.hooks.Arrived(ctx, ref, ch)
		}
	}
	p.engine, err = engine.New(engine.Config{
		Channels: p.shops, Supplier: supplier, Payments: payments, PayWith: c.PayWith, Store: s.Store,
		LowBalance: c.Wallet.Low, Every: c.Timing.Every, CoolOff: c.Timing.CoolOff, Timing: c.Timing.engine(c.Shutdown),
		Hooks: hooks, Logger: log,
	})
	if err != nil || len(pushed) == 0 {
		return p, err
	}
	p.hooks, err = channels.NewWebhooks(channels.WebhooksConfig{
		Channels: pushed, Inbox: s.inbox, Ingest: p.engine.Ingest, Logger: log,
		Hooks: channels.WebhookHooks{Failure: func(ctx context.Context, ref mip.Ref, err error, _ bool) { t.failed(ctx, ref, err) }},
	})
	return p, err
}

// payments returns the ways to pay, in the order of the configuration.
func (p *parts) payments(c *config, s *opened, supplier *bigbuy.Supplier, t *telemetry, log *slog.Logger) ([]mip.Payment, error) {
	var out []mip.Payment
	for _, name := range c.Payments {
		var pay mip.Payment
		var err error
		switch {
		case name == "wallet":
			pay, err = wallet.New(wallet.Config{Balance: supplier, Ledger: s.Store, Cache: c.Wallet.Cache})
		case c.PayPal.Mode == "supplier":
			pay, err = paypal.ChargedBySupplier(paypal.Config{Ledger: s.Store, MaxPerOrder: c.PayPal.MaxPerOrder, MaxPerDay: c.PayPal.MaxPerDay})
		default:
			pay, err = p.directly(c, s, t, log)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, pay)
	}
	return out, nil
}

// directly is PayPal by its own API, with the page payers return to and the
// webhook.
func (p *parts) directly(c *config, s *opened, t *telemetry, log *slog.Logger) (mip.Payment, error) {
	client, err := paypal.NewClient(paypal.ClientConfig{ClientID: c.PayPal.ClientID, Secret: c.PayPal.ClientSecret,
		Sandbox: c.PayPal.Sandbox, BaseURL: c.PayPal.URL, Logger: log, Transport: t.transport("paypal")})
	if err != nil {
		return nil, err
	}
	if c.PayPal.WebhookID != "" {
		if p.verifier, err = paypal.NewVerifier(paypal.VerifierConfig{WebhookID: c.PayPal.WebhookID}); err != nil {
			return nil, err
		}
	}
	back := ""
	if c.PublicURL != "" {
		back = strings.TrimRight(c.PublicURL, "/") + "/paypal/return"
	}
	p.direct, err = paypal.Direct(paypal.DirectConfig{
		Client: client, Ledger: s.Store, Name: "paypal", Secret: c.PayPal.ReturnSecret, MaxPerOrder: c.PayPal.MaxPerOrder, MaxPerDay: c.PayPal.MaxPerDay,
		Authorise: c.PayPal.Authorise, Vault: c.PayPal.Vault.Reveal(), ReturnURL: back, Brand: c.PayPal.Brand,
		Moved:       func(ctx context.Context, ref mip.Ref) error { return p.engine.PaymentMoved(ctx, ref) },
		ConsentGone: func(ctx context.Context) { log.WarnContext(ctx, "the payer withdrew the agreement with PayPal") },
	})
	return p.direct, err
}

// methods is what BigBuy is told of each way to pay.
func (c *config) methods() map[string]string {
	out := bigbuy.DefaultPayments()
	if c.PayPal != nil && c.PayPal.Mode == "direct" {
		out["paypal"] = c.PayPal.Method
	}
	return out
}

// engine returns what the configuration says of the engine's patience.
func (t timing) engine(leave time.Duration) engine.Timing {
	return engine.Timing{
		Leave: leave,
		Call:  t.Call, Grace: t.Grace, AbsentAfter: t.AbsentAfter, Abreast: t.Abreast, Track: t.Track, TrackingNumber: t.TrackingNumber,
		Link: t.Link, Purse: t.Purse, Reconcile: t.Reconcile, PayWithin: t.PayWithin,
		Retry: mip.Backoff{First: t.RetryFirst, Max: t.RetryMax, Tries: mip.DefaultBackoff.Tries, Age: mip.DefaultBackoff.Age},
	}
}
