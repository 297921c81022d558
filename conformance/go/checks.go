package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	kms "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2"
	m "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2/model"
)

// checks runs named checks and keeps the operations that the SDK called with success.
type checks struct {
	kms            *kms.KmsClient
	region         string
	replicaRegion  string
	replicaProject string
	run            string
	names          int
	called         map[string]bool
	passed, failed int
}

func newChecks() *checks {
	credentials, err := basic.NewCredentialsBuilder().
		WithAk(os.Getenv("KMS_AK")).
		WithSk(os.Getenv("KMS_SK")).
		WithProjectId(os.Getenv("KMS_PROJECT_ID")).
		SafeBuild()
	must(err)
	client, err := kms.KmsClientBuilder().
		WithCredential(credentials).
		WithEndpoints([]string{os.Getenv("KMS_ENDPOINT")}).
		SafeBuild()
	must(err)
	return &checks{
		kms:    kms.NewKmsClient(client),
		region: os.Getenv("KMS_REGION"),
		run:    fmt.Sprintf("%x", time.Now().UnixNano()&0xffffffffff),
		called: map[string]bool{},

		replicaRegion:  os.Getenv("KMS_REPLICA_REGION"),
		replicaProject: os.Getenv("KMS_REPLICA_PROJECT_ID"),
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// operations are all that this SDK offers.
func operations() []string {
	var names []string
	client := reflect.TypeOf(&kms.KmsClient{})
	for i := 0; i < client.NumMethod(); i++ {
		name := strings.TrimSuffix(client.Method(i).Name, "Invoker")
		if name != client.Method(i).Name {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// of reads a request's body from JSON, with names of keys and the like put in.
func of[T any](text string, values ...any) *T {
	body := new(T)
	must(json.Unmarshal([]byte(fmt.Sprintf(strings.ReplaceAll(text, "'", `"`), values...)), body))
	return body
}

// call calls an operation, which must succeed.
func call[Q, A any](c *checks, name string, operation func(*Q) (*A, error), request *Q) *A {
	answer, err := operation(request)
	must(err)
	c.called[name] = true
	return answer
}

// refused wants a refusal with this status and code.
func refused[Q, A any](operation func(*Q) (*A, error), request *Q, status int, code string) {
	_, err := operation(request)
	refusal, ok := err.(*sdkerr.ServiceResponseError)
	if !ok {
		panic(fmt.Sprintf("not refused: %v", err))
	}
	same(refusal.StatusCode, status)
	same(refusal.ErrorCode, code)
	if refusal.RequestId == "" {
		panic("a refusal without X-Request-Id")
	}
}

func same[T comparable](found, expected T) {
	if found != expected {
		panic(fmt.Sprintf("%v, not %v", found, expected))
	}
}

// check runs one check and prints what came of it.
func (c *checks) check(name string, body func(*checks)) {
	defer func() {
		if wrong := recover(); wrong != nil {
			c.fail(name, fmt.Sprint(wrong))
		} else {
			c.passed++
			fmt.Println("PASS go " + name)
		}
	}()
	body(c)
}

func (c *checks) fail(name, why string) {
	c.failed++
	fmt.Printf("FAIL go %s: %s\n", name, strings.Join(strings.Fields(why), " "))
}

// finish prints the total; every operation must have been called.
func (c *checks) finish(notBuilt map[string]bool) {
	all := operations()
	for _, operation := range all {
		if !c.called[operation] && !notBuilt[operation] {
			c.fail("operation "+operation, "was not called with success")
		}
	}
	fmt.Printf("TOTAL %d pass %d fail %d, %d of %d operations of the Go SDK\n",
		c.passed+c.failed, c.passed, c.failed, len(c.called), len(all))
	if c.failed > 0 {
		os.Exit(1)
	}
}

func (c *checks) name() string {
	c.names++
	return fmt.Sprintf("go-%s-%d", c.run, c.names)
}

// key makes a key with further members, such as 'key_spec':'SM4', and returns its id.
func (c *checks) key(members string) string {
	if members != "" {
		members = "," + members
	}
	body := of[m.CreateKeyRequestBody]("{'key_alias':'%s'"+members+"}", c.name())
	return *call(c, "CreateKey", c.kms.CreateKey, &m.CreateKeyRequest{Body: body}).KeyInfo.KeyId
}

func about(key string) *m.OperateKeyRequestBody {
	return &m.OperateKeyRequestBody{KeyId: key}
}

func (c *checks) details(key string) *m.KeyDetails {
	request := &m.ListKeyDetailRequest{Body: about(key)}
	return call(c, "ListKeyDetail", c.kms.ListKeyDetail, request).KeyInfo
}
