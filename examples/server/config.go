package main

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// config is the file. Times are texts such as "30s", amounts texts such as
// "200.00 EUR", secrets references; see README.md.
type config struct {
	Listen    string        `json:"listen" validate:"required,address"`
	PublicURL string        `json:"public_url" validate:"omitempty,http_url"` // under which the world reaches Listen
	Shutdown  time.Duration `json:"shutdown" validate:"gte=0,lte=10m"`        // 0 = 25 s
	Log       string        `json:"log" validate:"omitempty,oneof=debug info warn error"`

	Store    store               `json:"store"`
	Channels []shop              `json:"channels" validate:"dive"`
	BigBuy   bigBuy              `json:"bigbuy"`
	Payments []string            `json:"payments" validate:"unique,dive,oneof=wallet paypal"` // in order of preference; none = wallet
	PayWith  map[string][]string `json:"pay_with" validate:"dive,min=1,dive,oneof=wallet paypal"`
	Wallet   purse               `json:"wallet"`
	PayPal   *payPal             `json:"paypal"`
	Timing   timing              `json:"timing"`
	Watch    watching            `json:"watch"`
	River    *riverUI            `json:"river"`
}

// bigBuy is the account that buys.
type bigBuy struct {
	Key      rest.Secret   `json:"key" validate:"required"`
	Sandbox  bool          `json:"sandbox"`
	URL      string        `json:"url" validate:"omitempty,http_url"` // instead of BigBuy's own
	Language string        `json:"language" validate:"omitempty,len=2,lowercase"`
	Carriers []string      `json:"carriers" validate:"dive,required"`
	Silence  time.Duration `json:"silence" validate:"gte=0"`
}

// purse is the prepaid balance at BigBuy.
type purse struct {
	Low   mip.Money     `json:"low" validate:"-"` // warn below
	Cache time.Duration `json:"cache" validate:"gte=0"`
}

// payPal is charged by BigBuy, or paid directly.
type payPal struct {
	Mode        string    `json:"mode" validate:"required,oneof=supplier direct"`
	MaxPerOrder mip.Money `json:"max_per_order" validate:"-"`
	MaxPerDay   mip.Money `json:"max_per_day" validate:"-"`

	// For direct only.
	Sandbox      bool        `json:"sandbox"`
	URL          string      `json:"url" validate:"omitempty,http_url"` // instead of PayPal's own
	ClientID     string      `json:"client_id" validate:"required_if=Mode direct"`
	ClientSecret rest.Secret `json:"client_secret" validate:"required_if=Mode direct"`
	ReturnSecret rest.Secret `json:"return_secret" validate:"required_if=Mode direct"` // signs the addresses payers return to
	Vault        rest.Secret `json:"vault" validate:"-"`                               // payment token of a payer who agreed once
	WebhookID    string      `json:"webhook_id" validate:"omitempty,alphanum,max=50"`
	Authorise    bool        `json:"authorise"`
	Brand        string      `json:"brand" validate:"max=127"`
	// Method is what BigBuy is told of orders paid so. It must not be
	// "paypal", with which BigBuy would charge a second time.
	Method string `json:"bigbuy_method" validate:"required_if=Mode direct,omitempty,oneof=moneybox bankwire"`
}

// timing is the engine's patience; what is left out has its default.
type timing struct {
	Every          time.Duration `json:"every" validate:"gte=0"`
	CoolOff        time.Duration `json:"cool_off" validate:"gte=0"`
	Call           time.Duration `json:"call" validate:"gte=0"`
	Grace          time.Duration `json:"grace" validate:"gte=0"`
	AbsentAfter    time.Duration `json:"absent_after" validate:"gte=0"`
	Track          time.Duration `json:"track" validate:"gte=0"`
	TrackingNumber time.Duration `json:"tracking_number" validate:"gte=0"`
	Link           time.Duration `json:"link" validate:"gte=0"`
	Purse          time.Duration `json:"purse" validate:"gte=0"`
	Reconcile      time.Duration `json:"reconcile" validate:"gte=0"`
	PayWithin      time.Duration `json:"pay_within" validate:"gte=0"`
	RetryFirst     time.Duration `json:"retry_first" validate:"gte=0"`
	RetryMax       time.Duration `json:"retry_max" validate:"gte=0"`
	Abreast        int           `json:"abreast" validate:"gte=0,lte=16"`
}

// watching says how often the daemon looks at itself and when it calls itself
// not ready.
type watching struct {
	Every time.Duration `json:"every" validate:"gte=0"` // 0 = 30 s
	Red   time.Duration `json:"red" validate:"gte=0"`   // 0 = 10 min
}

// riverUI shows River's jobs to people who have the password.
type riverUI struct {
	User     string      `json:"user" validate:"required"`
	Password rest.Secret `json:"password" validate:"required"`
}

// readConfig reads and checks a file. Every fault is named by its place;
// values are not quoted.
func readConfig(path string, env func(string) (string, bool)) (*config, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := &config{}
	if err := (&decoder{env: env}).decode(raw, c); err != nil {
		return nil, err
	}
	if err := check(c); err != nil {
		return nil, err
	}
	fill(&c.Shutdown, 25*time.Second)
	fill(&c.Watch.Every, 30*time.Second)
	fill(&c.Watch.Red, 10*time.Minute)
	if len(c.Payments) == 0 {
		c.Payments = []string{"wallet"}
	}
	return c, nil
}

func fill(d *time.Duration, with time.Duration) {
	if *d == 0 {
		*d = with
	}
}

// check holds the values against their rules.
func check(c *config) error {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("json") })
	_ = v.RegisterValidation("address", func(f validator.FieldLevel) bool { // fails for an empty name only
		_, port, err := net.SplitHostPort(f.Field().String())
		_, bad := strconv.ParseUint(port, 10, 16)
		return err == nil && bad == nil
	})
	v.RegisterCustomTypeFunc(func(f reflect.Value) any {
		if secret, ok := f.Interface().(rest.Secret); ok && secret.Set() {
			return "set"
		}
		return ""
	}, rest.Secret{})
	var faults []error
	if wrong, ok := errors.AsType[validator.ValidationErrors](v.Struct(c)); ok {
		for _, f := range wrong {
			faults = append(faults, fmt.Errorf("%s: %s", place(f.Namespace()), meaning(f)))
		}
	}
	faults = append(faults, c.together()...)
	return errors.Join(faults...)
}

// together are the rules that join several places.
func (c *config) together() (faults []error) {
	uses := strings.Join(c.Payments, " ")
	if strings.Contains(uses, "paypal") && c.PayPal == nil {
		faults = append(faults, errors.New("paypal: is required, payments names it"))
	}
	if c.PayPal != nil && !strings.Contains(uses, "paypal") {
		faults = append(faults, errors.New("payments: paypal is configured and not named"))
	}
	if p := c.PayPal; p != nil && p.Mode == "direct" && c.PublicURL == "" && !p.Vault.Set() {
		faults = append(faults, errors.New("public_url: is required, payers return to it from PayPal"))
	}
	shops := map[string]bool{}
	for i, shop := range c.Channels {
		if shop.Settings != nil {
			shops[shop.Settings.name()] = true
		}
		if s := shop.Settings; s != nil && (s.name() == "bigbuy" || s.name() == "paypal") {
			faults = append(faults, fmt.Errorf("channels[%d].name: %s is taken, calls are counted by these names", i, s.name()))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.PayWith)) {
		if !shops[name] { // a misspelt one would be paid by every method
			faults = append(faults, fmt.Errorf("pay_with[%s]: no channel has this name", name))
		}
	}
	if currency := c.Wallet.Low.Currency(); currency != "" && currency != "EUR" {
		faults = append(faults, errors.New("wallet.low: want EUR, as BigBuy's purse has"))
	}
	if c.River != nil && !c.Store.postgres() {
		faults = append(faults, errors.New("river: the store is not PostgreSQL, there are no jobs to show"))
	}
	return faults
}

// place is a validator's namespace as a path of the file.
func place(namespace string) string {
	_, path, _ := strings.Cut(namespace, ".")
	return strings.NewReplacer(".Settings", "", ".account", "").Replace(path)
}

// meaning is what a rule asks for, in words.
func meaning(f validator.FieldError) string {
	switch f.Tag() {
	case "required", "required_if":
		return "is required"
	case "oneof":
		return "want one of " + f.Param()
	case "http_url":
		return "want an address that begins with http:// or https://"
	case "address":
		return "want host:port"
	case "alphanum":
		return "want nothing but letters and digits"
	case "lowercase":
		return "want small letters"
	case "max":
		return "want at most " + f.Param()
	case "gte":
		return "want " + f.Param() + " or more"
	}
	return strings.TrimSpace("want " + f.Tag() + " " + f.Param())
}
