// Command webhooks takes orders from two shops the moment they are bought, at
// one address: what a shop pushes is stored, acknowledged, fetched and bought.
// It shows what happens to a repetition, a forgery and a delivery that is lost.
//
// One shop is WooCommerce's, the other one Shopify's, whose secret is just
// being changed. PrestaShop and Magento Open Source push nothing: they are
// polled, as every shop is besides.
//
// Shops and supplier are imitations; the deliveries go over loopback HTTP.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/wallet"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := tell(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// server is the program that an integrator writes: one store, one engine, one
// handler for all shops.
type server struct {
	engine *engine.Engine
	hooks  *channels.Webhooks
	polled chan mip.Ref
}

func newServer(shops ...shop) (*server, error) {
	s := &server{polled: make(chan mip.Ref, 10)}
	store := memstore.New()
	supplier := bigbuytest.New(bigbuytest.Config{}).Supplier(bigbuy.Config{})
	purse, err := wallet.New(wallet.Config{Balance: supplier, Ledger: store})
	if err != nil {
		return nil, err
	}
	c := engine.Config{Supplier: supplier, Payments: []mip.Payment{purse}, Store: store, Every: time.Hour}
	w := channels.WebhooksConfig{Inbox: store, Grace: 200 * time.Millisecond} // in earnest a quarter of an hour
	for _, s := range shops {
		c.Channels, w.Channels = append(c.Channels, s.channel), append(w.Channels, s.channel)
	}
	// The first news of an order that no delivery brought is worth a word.
	c.Hooks.Transition = func(ctx context.Context, ref mip.Ref, ch mip.Change) { s.hooks.Arrived(ctx, ref, ch) }
	w.Hooks.OnlyPolled = func(_ context.Context, ref mip.Ref) { s.polled <- ref }
	if s.engine, err = engine.New(c); err != nil {
		return nil, err
	}
	w.Ingest = s.engine.Ingest
	s.hooks, err = channels.NewWebhooks(w)
	return s, err
}

// run serves and works until ctx ends.
func (s *server) run(ctx context.Context, on net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("/webhooks/", s.hooks)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = s.hooks.Run(ctx) }()
	go func() { _ = s.engine.Run(ctx) }()
	go func() {
		<-ctx.Done()
		_ = srv.Close()
	}()
	if err := srv.Serve(on); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// tell is the story: two shops, their customers, and what can go wrong.
func tell(ctx context.Context, out io.Writer) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := "http://" + on.Addr().String()
	lamps, err := wooCommerce("lamps", address)
	if err != nil {
		return err
	}
	mugs, err := shopifyShop("mugs", address)
	if err != nil {
		return err
	}
	s, err := newServer(lamps, mugs)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx, on) }()

	fmt.Fprintln(out, "WooCommerce tries the address out:", lamps.news()())
	time.Sleep(300 * time.Millisecond) // past the first reading
	for _, shop := range []shop{lamps, mugs} {
		if err := s.pushed(ctx, out, shop, address); err != nil {
			return err
		}
	}
	if err := s.lost(ctx, out, mugs); err != nil {
		return err
	}
	for _, name := range []string{"lamps", "mugs"} {
		n := s.hooks.Stats()[name]
		fmt.Fprintf(out, "%s: stored %d, repeated %d, refused %d, only polled %d\n", name, n.Stored, n.Repeated, n.Unauthorized, n.OnlyPolled)
	}
	stop()
	return <-ended
}

// pushed is an order that a shop pushes, a repetition and a forgery.
func (s *server) pushed(ctx context.Context, out io.Writer, from shop, address string) error {
	id := from.buy()
	news := from.news()
	fmt.Fprintln(out, from.Name()+": an order is pushed:", news())
	if err := s.await(ctx, out, mip.Ref{Channel: from.Name(), ID: id}); err != nil {
		return err
	}
	fmt.Fprintln(out, from.Name()+": the same again:", news())
	res, err := http.Post(address+"/webhooks/"+from.Name(), "application/json", nil)
	if err != nil {
		return err
	}
	_ = res.Body.Close()
	fmt.Fprintln(out, from.Name()+": a forgery:", res.Status)
	return nil
}

// lost is an order whose delivery never arrives.
func (s *server) lost(ctx context.Context, out io.Writer, from shop) error {
	ref := mip.Ref{Channel: from.Name(), ID: from.buy()}
	from.news()
	if err := s.engine.Poll(ctx); err != nil {
		return err
	}
	if err := s.await(ctx, out, ref); err != nil {
		return err
	}
	select {
	case found := <-s.polled:
		fmt.Fprintln(out, "only polling found it:", found == ref)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// await waits until an order is at the supplier.
func (s *server) await(ctx context.Context, out io.Writer, ref mip.Ref) error {
	for {
		x, err := s.engine.Explain(ctx, ref)
		if err == nil && x.Order.State == mip.StateSubmitted {
			fmt.Fprintln(out, "  bought at BigBuy for", ref.Channel)
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", ref, ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}
