// Sends requests through the official client of Go, which signs them. The argument is a file in JSON, as
// the test class OtherSignersTest writes it: where to, and which.
package main

import (
	"encoding/hex"
	"encoding/json"
	"os"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer/algorithm"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/config"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/def"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/impl"
	sdk "github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"
)

type order struct {
	Endpoint string    `json:"endpoint"`
	Region   string    `json:"region"`
	Project  string    `json:"project"`
	Requests []request `json:"requests"`
}

type request struct {
	Scheme      string              `json:"scheme"`
	AK          string              `json:"ak"`
	SK          string              `json:"sk"`
	Token       *string             `json:"token"`
	Project     bool                `json:"project"`
	Method      string              `json:"method"`
	Path        string              `json:"path"`
	PathParams  map[string]string   `json:"path_params"`
	Query       map[string][]string `json:"query"`
	Headers     map[string]string   `json:"headers"`
	ContentType string              `json:"content_type"`
	Body        *string             `json:"body"`
	Bson        *string             `json:"bson"`
}

// members are those of a request as generated code has them; which names they have on the wire says its
// definition.
type members struct {
	First, Second  string
	Q0, Q1, Q2, Q3 []string
	Body           interface{}
}

type answer struct {
	HttpStatusCode int
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// client makes a client that signs as the request wants.
func client(o order, r request) *core.HcHttpClient {
	building := basic.NewCredentialsBuilder().WithAk(r.AK).WithSk(r.SK)
	if r.Project {
		building = building.WithProjectId(o.Project)
	}
	if r.Token != nil {
		building = building.WithSecurityToken(*r.Token)
	}
	settings := config.DefaultHttpConfig()
	switch r.Scheme {
	case "DERIVED":
		building = building.WithDerivedPredicate(func(*sdk.DefaultHttpRequest) bool { return true })
	case "SM3":
		settings.SigningAlgorithm = algorithm.HmacSM3
	case "ECDSA":
		settings.SigningAlgorithm = algorithm.EcdsaP256SHA256
	case "SM2":
		settings.SigningAlgorithm = algorithm.SM2SM3
	}
	credentials, err := building.SafeBuild()
	must(err)
	return core.NewHcHttpClient(impl.NewDefaultHttpClient(settings)).
		WithEndpoints([]string{o.Endpoint}).
		WithCredential(credentials.ProcessDerivedAuthParams("kms", o.Region))
}

// send sends a request as the generated code of a service does.
func send(sender *core.HcHttpClient, r request) {
	asked := &members{First: r.PathParams["first"], Second: r.PathParams["second"]}
	building := def.NewHttpRequestDefBuilder().
		WithMethod(r.Method).
		WithPath(r.Path).
		WithResponse(new(answer)).
		WithContentType(r.ContentType)
	field := func(name, tag string, where def.LocationType) {
		building.WithRequestField(def.NewFieldDef().WithName(name).WithJsonTag(tag).WithLocationType(where))
	}
	field("First", "first", def.Path)
	field("Second", "second", def.Path)
	places := []*[]string{&asked.Q0, &asked.Q1, &asked.Q2, &asked.Q3}
	at := 0
	for name, values := range r.Query {
		*places[at] = values
		field([]string{"Q0", "Q1", "Q2", "Q3"}[at], name, def.Query)
		at++
	}
	if r.Body != nil {
		asked.Body = *r.Body
		field("Body", "body", def.Body)
	}
	if r.Bson != nil {
		bytes, err := hex.DecodeString(*r.Bson)
		must(err)
		asked.Body = map[string]interface{}{"b": bytes}
		field("Body", "body", def.Body)
	}
	_, err := sender.WithExtraHeaders(r.Headers).Sync(asked, building.Build())
	must(err)
}

func main() {
	content, err := os.ReadFile(os.Args[1])
	must(err)
	var o order
	must(json.Unmarshal(content, &o))
	for _, r := range o.Requests {
		send(client(o, r), r)
	}
}
