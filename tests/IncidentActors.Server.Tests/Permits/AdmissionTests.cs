using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Permits;

/// <summary>Kubernetes' AdmissionReview v1: the API's own shape in and out, the approved fix, break-glass, and a dry run that records nothing.</summary>
public sealed class AdmissionTests : IAsyncLifetime
{
    private const string Fix = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string Old = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Without_a_halt_everything_is_admitted()
    {
        var answer = await AskAsync(Review(Old));
        Assert.Equal(("admission.k8s.io/v1", "AdmissionReview"), (answer.Text("apiVersion"), answer.Text("kind")));
        Assert.Equal(("705ab4f5-6393-11e8-b7cc-42010a800002", true), (answer.GetProperty("response").Text("uid"), Allowed(answer)));
    }

    [Fact]
    public async Task Under_a_halt_only_the_approved_fix_of_its_incident_is_admitted_by_its_digest()
    {
        var emergency = new { atpId = "AT-EMRG-01", status = "InProgress", notes = "🚨 SEV-1: checkout is down" };
        (await server.PostAsync("/api/tools/atp_set", "@pm", emergency)).IsOk();
        var refused = await AskAsync(Review(Fix));
        Assert.False(Allowed(refused));
        Assert.Equal(423, refused.GetProperty("response").GetProperty("status").GetProperty("code").GetInt32());
        (await server.PostAsync("/api/tools/handoff", "@dev", new
        {
            atpId = "AT-EMRG-01", fromAgent = "@dev", toAgent = "@pm", completedWork = "fixed", pendingWork = "deploy", evidence = $"tests pass, {Fix}",
        })).IsOk();
        Assert.False(Allowed(await AskAsync(Review(Fix))));
        var approval = Assert.Single((await server.GetAsync("/api/approvals?state=open")).Items()).Text("id");
        (await server.PostAsync($"/api/approvals/{approval}/decision", "@pm", new { decision = "approve" })).IsOk();

        var admitted = await AskAsync(Review(Fix));
        Assert.True(Allowed(admitted));
        Assert.Contains(approval, admitted.GetProperty("response").List("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.False(Allowed(await AskAsync(Review(Old))));
        Assert.False(Allowed(await AskAsync(Review(null))));
        var incident = (await server.GetAsync("/api/atps/AT-EMRG-01")).IsOk().Json.Text("incidentId");
        Assert.Contains("let through under", (await server.GetAsync($"/api/incidents/{incident}/timeline")).IsOk().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_break_glass_reason_passes_and_is_recorded_with_who_gave_it()
    {
        (await server.PostAsync("/api/halts", "@operator", new { scope = "environment:production", reason = "stop" })).Is(HttpStatusCode.Created);
        Assert.True(Allowed(await AskAsync(Review(Old, @namespace: "staging"))));
        Assert.False(Allowed(await AskAsync(Review(Old))));
        Assert.True(Allowed(await AskAsync(Review(Old, "the database is full", dryRun: true))));
        Assert.Empty((await server.GetAsync("/api/permits")).Items());
        var passed = await AskAsync(Review(Old, "the database is full"));
        Assert.True(Allowed(passed));
        var permit = Assert.Single((await server.GetAsync("/api/permits")).Items());
        Assert.Equal(("the database is full (admin)", "done", "admission"), (permit.Text("breakGlass"), permit.Text("status"), permit.Text("path")));
    }

    [Fact]
    public async Task What_is_no_review_is_refused() =>
        (await server.PostAsync("/admission/v1", null, new { kind = "Pod" })).Refused(400, "argument.malformed");

    [Deploy.KubectlTheory]
    [InlineData("/admission/v1")]
    public async Task The_manifest_is_built_by_kustomize_and_names_the_path_that_is_served(string path)
    {
        using var kustomize = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("kubectl", ["kustomize", Testing.SourceTree.Path("deploy", "kubernetes", "admission")])
            {
                RedirectStandardOutput = true,
            })!;
        var built = await kustomize.StandardOutput.ReadToEndAsync();
        await kustomize.WaitForExitAsync();
        Assert.Equal(0, kustomize.ExitCode);
        Assert.Contains("kind: ValidatingWebhookConfiguration", built, StringComparison.Ordinal);
        Assert.Contains($"https://incidents.example.com{path}", built, StringComparison.Ordinal);
    }

    private async Task<JsonElement> AskAsync(JsonObject review) => (await server.PostAsync("/admission/v1", null, review.ToJsonString())).IsOk().Json;

    private static bool Allowed(JsonElement answer) => answer.GetProperty("response").GetProperty("allowed").GetBoolean();

    /// <summary>The example of the Kubernetes documentation, with a deployment as the object.</summary>
    private static JsonObject Review(string? digest, string? breakGlass = null, bool dryRun = false, string @namespace = "production")
    {
        var review = JsonNode.Parse(
            """
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"705ab4f5-6393-11e8-b7cc-42010a800002",
             "kind":{"group":"apps","version":"v1","kind":"Deployment"},"resource":{"group":"apps","version":"v1","resource":"deployments"},
             "requestKind":{"group":"apps","version":"v1","kind":"Deployment"},"requestResource":{"group":"apps","version":"v1","resource":"deployments"},
             "name":"checkout","namespace":"production","operation":"UPDATE",
             "userInfo":{"username":"admin","uid":"014fbff9a07c","groups":["system:authenticated","my-admin-group"]},
             "object":{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"checkout","labels":{"app":"checkout"},"annotations":{}},
              "spec":{"template":{"spec":{"containers":[{"name":"app","image":"registry.example.com/checkout"}]}}}},
             "oldObject":null,"options":{"apiVersion":"meta.k8s.io/v1","kind":"UpdateOptions"},"dryRun":false}}
            """)!.AsObject();
        var request = review["request"]!;
        request["dryRun"] = dryRun;
        request["namespace"] = @namespace;
        if (breakGlass is not null) request["object"]!["metadata"]!["annotations"]!["incident-actors.dev/break-glass"] = breakGlass;
        if (digest is not null) request["object"]!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = $"registry.example.com/checkout@{digest}";
        return review;
    }
}
