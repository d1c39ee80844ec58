using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;
using Microsoft.Extensions.Hosting;

namespace IncidentActors.Server.Tests.Deploy;

/// <summary>The manifests name nothing that the server does not have.</summary>
public sealed class KubernetesTests
{
    [Fact]
    public void Every_file_is_YAML() =>
        Assert.All(
            Directory.EnumerateFiles(Manifests.Folder, "*.yaml", SearchOption.AllDirectories),
            file => Assert.NotEmpty(Yaml.Parse(File.ReadAllText(file))));

    [KubectlTheory]
    [InlineData("single-node")]
    [InlineData("production")]
    public async Task Probes_are_answered_by_the_server(string overlay)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var container = Manifests.Of(overlay).Container;
        foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
        {
            var http = container[probe]["httpGet"];
            Assert.Equal("http", (string)http["port"]);
            var path = (string)http["path"];
            await Eventually.TrueAsync(async () => (await server.GetAsync(path)).Status == System.Net.HttpStatusCode.OK, $"200 at {path}");
        }
    }

    [KubectlTheory]
    [InlineData("single-node")]
    [InlineData("production")]
    public void Every_argument_is_understood_and_its_ports_are_open(string overlay)
    {
        var manifests = Manifests.Of(overlay);
        var options = CommandLine.Parse(manifests.Arguments())!;

        var ports = manifests.Container["ports"].Items.ToDictionary(port => (string)port["name"], port => (int)port["containerPort"]);
        Assert.Equal(new Uri(options.Urls!).Port, ports["http"]);
        Assert.Equal(options.Silo.SiloPort, ports["silo"]);
        Assert.Equal(options.Silo.GatewayPort, ports["gateway"]);
        Assert.Contains(manifests.Container["volumeMounts"].Items, mount => (string)mount["mountPath"] == options.Data);
    }

    [KubectlTheory]
    [InlineData("production")]
    public void The_journal_comes_from_the_secret_of_the_base(string overlay)
    {
        Assert.Contains(
            Manifests.Of(overlay).Container["envFrom"].Items,
            from => from["secretRef"] is { } secret && (string)secret["name"] == "incident-actors-journal");
        var stored = Manifests.Base("journal.yaml");
        Assert.Equal("incident-actors-journal", (string)stored["metadata"]["name"]);
        Assert.NotNull(stored["stringData"][CommandLine.JournalVariable]);
    }

    [KubectlTheory]
    [InlineData("single-node")]
    [InlineData("production")]
    public void A_pod_has_time_to_drain_and_may_do_nothing_else(string overlay)
    {
        var manifests = Manifests.Of(overlay);
        var drain = TimeSpan.FromSeconds((int)manifests.Container["lifecycle"]["preStop"]["sleep"]["seconds"])
            + new HostOptions().ShutdownTimeout
            + new IncidentActors.Orleans.OrleansSettings().DrainWithin;
        Assert.True((int)manifests.Pod["terminationGracePeriodSeconds"] > drain.TotalSeconds + 10);
        Assert.True((bool)manifests.Pod["securityContext"]["runAsNonRoot"]);
        Assert.True((bool)manifests.Container["securityContext"]["readOnlyRootFilesystem"]);
        Assert.False((bool)manifests.Container["securityContext"]["allowPrivilegeEscalation"]);
    }

    [KubectlTheory]
    [InlineData("production")]
    public void Several_silos_have_a_budget_a_scaler_and_closed_ports(string overlay)
    {
        var manifests = Manifests.Of(overlay);
        Assert.Equal(1, (int)manifests.One("PodDisruptionBudget")["spec"]["maxUnavailable"]);
        Assert.True((int)manifests.One("HorizontalPodAutoscaler")["spec"]["minReplicas"] >= 3);
        var open = manifests.One("NetworkPolicy")["spec"]["ingress"].Items.Where(rule => rule["from"] is null);
        Assert.All(open, rule => Assert.Equal(["http"], rule["ports"].Items.Select(port => (string)port["port"])));
    }

    [KubectlTheory]
    [InlineData("single-node")]
    [InlineData("production")]
    public void Gateways_are_open_to_silos_and_to_whoever_bears_the_label_of_clients(string overlay)
    {
        var rules = Manifests.Of(overlay).One("NetworkPolicy")["spec"]["ingress"].Items.Where(rule => rule["from"] is not null);
        var selectors = rules.SelectMany(rule => rule["from"].Items).Select(from => from["podSelector"]).ToArray();

        var silos = Assert.Single(selectors, selector => selector["matchLabels"] is not null);
        var label = Assert.Single(silos["matchLabels"].Fields);
        Assert.Equal(("app.kubernetes.io/name", "incident-actors"), (label.Key, (string)label.Value));
        var clients = Assert.Single(selectors, selector => selector["matchLabels"] is null);
        var wanted = Assert.Single(clients["matchExpressions"].Items);
        Assert.Equal(("incident-actors/client", "In"), ((string)wanted["key"], (string)wanted["operator"]));
        Assert.Equal(["true"], wanted["values"].Items.Select(value => (string)value));
    }
}
