using System.Net;
using System.Text.Json.Nodes;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Permits;

/// <summary>The other shapes of AdmissionReview v1: the scale subresource, deletions, connections, the cluster's own controllers.</summary>
public sealed class AdmissionShapesTests : IAsyncLifetime
{
    private const string Fix = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    /// <summary>The example of the Kubernetes documentation, unchanged but for the namespace and the names.</summary>
    private const string Scale =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"705ab4f5-6393-11e8-b7cc-42010a800002",
         "kind":{"group":"autoscaling","version":"v1","kind":"Scale"},"resource":{"group":"apps","version":"v1","resource":"deployments"},"subResource":"scale",
         "requestKind":{"group":"autoscaling","version":"v1","kind":"Scale"},"requestResource":{"group":"apps","version":"v1","resource":"deployments"},
         "requestSubResource":"scale","name":"checkout-web","namespace":"production","operation":"UPDATE",
         "userInfo":{"username":"admin","uid":"014fbff9a07c","groups":["system:authenticated","my-admin-group"],"extra":{"some-key":["some-value1"]}},
         "object":{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"checkout-web","namespace":"production"},"spec":{"replicas":0},
          "status":{"replicas":3,"selector":"app=checkout,tier=web"}},
         "oldObject":{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"checkout-web","namespace":"production"},"spec":{"replicas":3}},
         "options":{"apiVersion":"meta.k8s.io/v1","kind":"UpdateOptions"},"dryRun":false}}
        """;

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Scaling_is_covered_by_the_service_that_the_pods_name_and_autoscaling_goes_on()
    {
        Assert.True(await AllowedAsync(Of(Scale)));
        await HaltAsync("service:checkout");
        Assert.False(await AllowedAsync(Of(Scale)));
        Assert.True(await AllowedAsync(By(Scale, "system:serviceaccount:kube-system:horizontal-pod-autoscaler")));
        Assert.False(await AllowedAsync(By(Scale, "system:serviceaccount:production:horizontal-pod-autoscaler")));
        await LiftAllAsync();
        await HaltAsync("action:deploy*");
        Assert.True(await AllowedAsync(Of(Scale)));
    }

    [Fact]
    public async Task A_deletion_is_judged_by_the_object_that_was_there_and_is_never_the_fix()
    {
        await ApproveAsync();
        Assert.True(await AllowedAsync(Deployment("UPDATE")));
        Assert.False(await AllowedAsync(Deployment("DELETE")));
        await LiftAllAsync();
        await HaltAsync("service:checkout+action:delete");
        Assert.True(await AllowedAsync(Deployment("UPDATE")));
        Assert.False(await AllowedAsync(Deployment("DELETE")));
        Assert.True(await AllowedAsync(By(Deployment("DELETE").ToJsonString(), "system:serviceaccount:kube-system:generic-garbage-collector")));
    }

    [Fact]
    public async Task A_namespace_is_the_environment_that_its_deletion_is_about()
    {
        var review = Deployment("DELETE");
        var request = review["request"]!;
        request["kind"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["kind"] = "Namespace" };
        request["name"] = "production";
        request["oldObject"] = JsonNode.Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"production"}}""");
        await HaltAsync("environment:production");
        Assert.False(await AllowedAsync(review));
    }

    [Fact]
    public async Task A_connection_is_an_action_of_its_subresource()
    {
        var review = Of(
            """
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"b7cc","kind":{"group":"","version":"v1","kind":"PodExecOptions"},
             "resource":{"group":"","version":"v1","resource":"pods"},"subResource":"exec","name":"checkout-0","namespace":"production","operation":"CONNECT",
             "userInfo":{"username":"admin"},"object":{"kind":"PodExecOptions","apiVersion":"v1","stdin":true,"container":"app","command":["sh"]},
             "oldObject":null,"options":null,"dryRun":false}}
            """);
        await HaltAsync("action:deploy*");
        Assert.True(await AllowedAsync(review));
        await HaltAsync("action:exec+environment:production");
        Assert.False(await AllowedAsync(review));
    }

    [Fact]
    public async Task The_job_of_a_cron_job_is_judged_although_a_controller_creates_it()
    {
        await HaltAsync("environment:production");
        var cron = By(Deployment("CREATE").ToJsonString(), "system:serviceaccount:kube-system:cronjob-controller");
        Assert.False(await AllowedAsync(cron));
    }

    [Fact]
    public async Task A_break_glass_reason_that_the_object_still_carries_passes_no_later_change()
    {
        await HaltAsync("environment:production");
        var review = Deployment("UPDATE");
        Annotate(review, "object", "the database is full");
        Annotate(review, "oldObject", "the disk was full in March");
        Assert.True(await AllowedAsync(review));
        Annotate(review, "oldObject", "the database is full");
        Assert.False(await AllowedAsync(review));
        Assert.Single((await server.GetAsync("/api/permits")).Items());
    }

    private static void Annotate(JsonObject review, string which, string reason) =>
        review["request"]![which]!["metadata"]!["annotations"] = new JsonObject { ["incident-actors.dev/break-glass"] = reason };

    private async Task ApproveAsync()
    {
        var emergency = new { atpId = "AT-EMRG-01", status = "InProgress", notes = "🚨 SEV-1: checkout is down" };
        (await server.PostAsync("/api/tools/atp_set", "@pm", emergency)).IsOk();
        (await server.PostAsync("/api/tools/handoff", "@dev", new
        {
            atpId = "AT-EMRG-01", fromAgent = "@dev", toAgent = "@pm", completedWork = "fixed", pendingWork = "deploy", evidence = $"tests pass, {Fix}",
        })).IsOk();
        var approval = Assert.Single((await server.GetAsync("/api/approvals?state=open")).Items()).Text("id");
        (await server.PostAsync($"/api/approvals/{approval}/decision", "@pm", new { decision = "approve" })).IsOk();
    }

    private async Task HaltAsync(string scope) =>
        (await server.PostAsync("/api/halts", "@operator", new { scope, reason = "stop" })).Is(HttpStatusCode.Created);

    private async Task LiftAllAsync()
    {
        foreach (var halt in (await server.GetAsync("/api/halts?state=active")).Items())
            (await server.PostAsync($"/api/halts/{halt.Text("id")}/lift", "@operator", new { })).IsOk();
    }

    private async Task<bool> AllowedAsync(JsonObject review) =>
        (await server.PostAsync("/admission/v1", null, review.ToJsonString())).IsOk().Json.GetProperty("response").GetProperty("allowed").GetBoolean();

    private static JsonObject Of(string review) => JsonNode.Parse(review)!.AsObject();

    private static JsonObject By(string review, string user)
    {
        var changed = Of(review);
        changed["request"]!["userInfo"]!["username"] = user;
        return changed;
    }

    /// <summary>A deployment with the fix's digest. A deletion has no object, only the one that was there.</summary>
    private static JsonObject Deployment(string operation)
    {
        const string Object =
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"checkout-web","labels":{"app":"checkout"}},
             "spec":{"template":{"spec":{"containers":[{"name":"app","image":"registry.example.com/checkout@DIGEST"}]}}}}
            """;
        var deployment = Object.Replace("DIGEST", Fix, StringComparison.Ordinal);
        var review = Of(
            """
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"8a11","kind":{"group":"apps","version":"v1","kind":"Deployment"},
             "resource":{"group":"apps","version":"v1","resource":"deployments"},"name":"checkout-web","namespace":"production",
             "userInfo":{"username":"admin"},"options":null,"dryRun":false}}
            """);
        var request = review["request"]!;
        request["operation"] = operation;
        request["object"] = operation == "DELETE" ? null : JsonNode.Parse(deployment);
        request["oldObject"] = operation == "CREATE" ? null : JsonNode.Parse(deployment);
        return review;
    }
}
