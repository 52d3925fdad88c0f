package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/lang"
	"github.com/openmip/openmip/mip/sqlite"
)

const person mip.Actor = "you"

// story tells what happens and checks every sentence it says.
type story struct {
	ctx     context.Context
	eng     *engine.Engine
	store   *sqlite.Store
	outside *outside
	orders  []mip.Ref
}

// sales are the six orders, all paid in the shop before the engine first looks.
var sales = []struct {
	what, sku, title, total string
	change                  func(*wootest.Address)
}{
	{"an order for a lamp", bigbuytest.SKULamp, "Desk lamp", "29.00", nil},
	{"an address of 100 characters", bigbuytest.SKUMug, "Mug", "24.00", func(a *wootest.Address) {
		a.Address1 = "Avenida de la Constitución Española de 1978, Edificio Mirador del Mar"
		a.Address2 = "Escalera B, Piso 3, Puerta 12"
	}},
	{"an order for a chair, dearer than what is in the wallet", bigbuytest.SKUChair, "Folding chair", "119.00", nil},
	{"an order for a sofa, too dear for the wallet and for PayPal's limit", bigbuytest.SKUSofa, "Sofa", "2490.00", nil},
	{"an order without a telephone number", bigbuytest.SKUKettle, "Kettle", "59.00", func(a *wootest.Address) { a.Phone = "" }},
	{"an order for a radio that BigBuy has dropped", bigbuytest.SKUInactive, "Radio", "39.00", nil},
}

// tell runs the story to its end or to the first sentence that is not true.
func (s *story) tell() error {
	fmt.Println("OpenMIP: one WooCommerce shop, one BigBuy account with €40.00 in the wallet, PayPal up to €200.00 an order.")
	for _, sale := range sales {
		id := s.outside.sell(sale.sku, sale.title, sale.total, sale.change)
		s.orders = append(s.orders, mip.Ref{Channel: "demo", ID: strconv.FormatInt(id, 10)})
	}
	if err := s.wait("the six orders to come to rest", s.rested); err != nil {
		return err
	}
	for i, chapter := range []func(mip.Ref) error{s.straight, s.tooLong, s.byPayPal, s.noMoney, s.byHand, s.obsolete} {
		fmt.Printf("\n%d. %s\n", i+1, sales[i].what)
		if err := chapter(s.orders[i]); err != nil {
			return err
		}
	}
	if err := s.shipped(); err != nil {
		return err
	}
	fmt.Println("\nEvery step was checked at the shop, at BigBuy and in the store.")
	return nil
}

func (s *story) straight(ref mip.Ref) error {
	o, err := s.until(ref, mip.StateSubmitted)
	if err != nil {
		return err
	}
	return s.say(s.boughtOnce(o, "moneybox"), "straight through: checked, paid from the wallet (%s), created at BigBuy as %s", o.Attempts[0].Amount, o.Placements[0].ID)
}

func (s *story) tooLong(ref mip.Ref) error {
	o, err := s.until(ref, mip.StatePendingReview)
	if err != nil {
		return err
	}
	if err := s.why(o, "address.too_long"); err != nil {
		return err
	}
	suggestion := o.Holding()[0].Suggestion
	fmt.Printf("   suggested: %q\n", o.ShipTo.With(suggestion).Street())
	if _, err := s.eng.EditAddress(s.ctx, ref, person, o.ShipTo.With(suggestion)); err != nil {
		return err
	}
	if _, err := s.eng.Resend(s.ctx, ref, person); err != nil {
		return err
	}
	if o, err = s.until(ref, mip.StateSubmitted); err != nil {
		return err
	}
	return s.say(s.boughtOnce(o, "moneybox"), "you take the suggestion and press resend: created as %s", o.Placements[0].ID)
}

func (s *story) byPayPal(ref mip.Ref) error {
	o, err := s.until(ref, mip.StateSubmitted)
	if err != nil {
		return err
	}
	return s.say(s.boughtOnce(o, "paypal"), "BigBuy refused the wallet, so PayPal pays %s: created as %s", o.LastAttempt().Amount, o.Placements[0].ID)
}

func (s *story) noMoney(ref mip.Ref) error {
	o, err := s.until(ref, mip.StatePendingReview)
	if err != nil {
		return err
	}
	if err := s.why(o, mip.CodeInsufficientFunds); err != nil {
		return err
	}
	s.outside.supplier.TopUp(mip.EUR(2000_00))
	fmt.Println("   €2,000.00 arrive in the wallet; nobody touches the order")
	if o, err = s.until(ref, mip.StateSubmitted); err != nil {
		return err
	}
	return s.say(s.boughtOnce(o, "moneybox"), "released by itself and created as %s", o.Placements[0].ID)
}

func (s *story) byHand(ref mip.Ref) error {
	o, err := s.until(ref, mip.StatePendingReview)
	if err != nil {
		return err
	}
	if err := s.why(o, "contact.phone_missing"); err != nil {
		return err
	}
	to := o.ShipTo
	to.Phone = "961234567"
	made, err := s.outside.supplier.PlaceByHand(o.NextReference(), to, mip.Item{SKU: bigbuytest.SKUKettle, Quantity: 1})
	if err != nil {
		return err
	}
	if _, err := s.eng.MarkManuallySent(s.ctx, ref, person, ""); err != nil {
		return err
	}
	err = s.wait("the link", func() (bool, error) {
		o, err = s.store.Order(s.ctx, ref)
		return err == nil && len(o.Placements) == 1, err
	})
	if err != nil {
		return err
	}
	ok := o.State == mip.StateManuallySent && o.Placements[0].ID == made[0].ID && len(o.Attempts) == 0
	return s.say(check(ok, "the hand-made order is not linked"), "you call the customer, order at BigBuy yourself under %q, mark it manually sent: linked to %s", o.ManualRef, made[0].ID)
}

func (s *story) obsolete(ref mip.Ref) error {
	o, err := s.until(ref, mip.StatePendingReview)
	if err != nil {
		return err
	}
	if err := s.why(o, "product.inactive"); err != nil {
		return err
	}
	if _, err := s.eng.Cancel(s.ctx, ref, person, "no longer made"); err != nil {
		return err
	}
	err = s.shopShows(ref, "cancelled", "")
	return s.say(err, "you cancel it: the shop shows it as cancelled, nothing was bought")
}

// shipped lets BigBuy send everything and looks for the numbers in the shop.
func (s *story) shipped() error {
	fmt.Println("\nBigBuy ships.")
	for i, placed := range s.outside.supplier.Orders() {
		if err := s.outside.supplier.Ship(placed.ID, "gls", fmt.Sprintf("TRK%03d", i+1)); err != nil {
			return err
		}
	}
	for o, err := range s.store.Orders(s.ctx, mip.Query{}) {
		if err != nil {
			return err
		}
		if o.State == mip.StateCancelled {
			continue
		}
		number := s.number(o.Placements[0].ID)
		if err := s.shopShows(o.Ref, "completed", number); err != nil {
			return err
		}
		if err := s.say(nil, "%s: the shop shows %s and has told the customer", o.Ref, number); err != nil {
			return err
		}
	}
	for _, account := range []string{"wallet", "paypal"} {
		open, err := s.store.Reservations(s.ctx, account, time.Now())
		if err != nil || len(open) > 0 {
			return errors.Join(err, check(len(open) == 0, "a reservation was left open"))
		}
	}
	return nil
}

func (s *story) number(id string) string {
	o, ok := s.outside.supplier.Order(id)
	if !ok || len(o.Parcels) == 0 {
		return ""
	}
	return o.Parcels[0].Number
}

// rested reports whether every order is bought or held.
func (s *story) rested() (bool, error) {
	counts, err := s.eng.Counts(s.ctx)
	return counts[mip.StateSubmitted]+counts[mip.StatePendingReview] == len(sales), err
}

// why prints the reasons an order waits for, in plain words, and makes sure
// that the expected one is the only one.
func (s *story) why(o mip.Order, code string) error {
	texts := lang.For("en")
	for _, f := range o.Holding() {
		m := texts.Finding(f)
		fmt.Printf("   held: %s %s\n", m.Title, m.Fix)
	}
	got := strings.Join(mip.Codes(o.Holding()), " ")
	return check(got == code, fmt.Sprintf("%s is held for %q, not for %q", o.Ref, got, code))
}

// boughtOnce makes sure that BigBuy has the order exactly once, paid as told.
func (s *story) boughtOnce(o mip.Order, payment string) error {
	var found []bigbuytest.Order
	for _, b := range s.outside.supplier.Orders() {
		if b.Reference == mip.Reference(o.Ref, 1) {
			found = append(found, b)
		}
	}
	return check(len(found) == 1 && found[0].Payment == payment, fmt.Sprintf("%s was not bought exactly once by %s", o.Ref, payment))
}

// shopShows waits until the shop's own page has the status and the number.
func (s *story) shopShows(ref mip.Ref, status, number string) error {
	id, err := strconv.ParseInt(ref.ID, 10, 64)
	if err != nil {
		return err
	}
	return s.wait("the shop to show "+ref.String()+" as "+status, func() (bool, error) {
		o, _ := s.outside.shop.Order(id)
		return o.Status == status && (number == "" || len(o.Trackings) == 1 && o.Trackings[0].Number == number), nil
	})
}

func (s *story) until(ref mip.Ref, state mip.State) (o mip.Order, err error) {
	err = s.wait(ref.String()+" to become "+string(state), func() (bool, error) {
		o, err = s.store.Order(s.ctx, ref)
		if errors.Is(err, mip.ErrNotFound) {
			return false, nil
		}
		return err == nil && o.State == state, err
	})
	if err != nil {
		err = fmt.Errorf("%w; it is %s for %v", err, o.State, mip.Codes(o.Findings))
	}
	return o, err
}

// wait asks until it is so, at most fifteen seconds.
func (s *story) wait(what string, so func() (bool, error)) error {
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok, err := so(); ok || err != nil {
			return err
		}
	}
	return fmt.Errorf("waited in vain for %s", what)
}

// say prints a sentence if it is true.
func (s *story) say(err error, sentence string, args ...any) error {
	if err == nil {
		fmt.Printf("   "+sentence+"\n", args...)
	}
	return err
}

func check(ok bool, problem string) error {
	if ok {
		return nil
	}
	return errors.New(problem)
}
