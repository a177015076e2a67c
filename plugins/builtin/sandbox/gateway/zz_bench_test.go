package gateway
import ("testing";"time")
func BenchmarkListModels(b *testing.B){ g:=openTest(b,Options{}); for b.Loop(){ call(b,g,"GET","/models","").want(200)} }
func BenchmarkNewModel(b *testing.B){ g:=openTest(b,Options{}); for b.Loop(){ call(b,g,"POST","/model/new",`{"model_name":"m","litellm_params":{"model":"openai/gpt-4o"}}`).want(200)} }
func TestColdOpen(t *testing.T){ p:=t.TempDir()+"/x/y.db"; s:=time.Now(); g,err:=Open(t.Context(),Options{Path:p}); if err!=nil{t.Fatal(err)}; t.Log("cold create",time.Since(s)); s=time.Now(); g.Close(); t.Log("close",time.Since(s)); s=time.Now(); g,_=Open(t.Context(),Options{Path:p}); t.Log("open",time.Since(s)); call(t,g,"GET","/models",""); t.Log("open+list",time.Since(s)); g.Close(); t.Log("all",time.Since(s))}
