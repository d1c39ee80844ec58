using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
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
        var journal = (string)stored["stringData"][CommandLine.JournalVariable];
        Assert.Contains("SSL Mode=VerifyFull", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("Password", journal, StringComparison.Ordinal);
    }

    [KubectlTheory]
    [InlineData("single-node")]
    [InlineData("production")]
    public void A_pod_has_time_to_drain_and_may_do_nothing_else(string overlay)
    {
        var manifests = Manifests.Of(overlay);
        var drain = TimeSpan.FromSeconds((int)manifests.Container["lifecycle"]["preStop"]["sleep"]["seconds"])
            + new HostOptions().ShutdownTimeout
            + new IncidentActors.Silo.SiloSettings().DrainTimeout;
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
        Assert.Null(manifests.One("Deployment")["spec"]["replicas"]);
        Assert.All(manifests.One("NetworkPolicy")["spec"]["ingress"].Items, rule => Assert.NotNull(rule["from"]));
    }

    [KubectlTheory]
    [InlineData("production")]
    public void Silos_show_each_other_certificates_of_the_secret(string overlay)
    {
        var manifests = Manifests.Of(overlay);
        var options = CommandLine.Parse(manifests.Arguments())!;

        Assert.True(options.Silo.Tls!.IsComplete);
        Assert.False(options.SiloUnencrypted);
        var mount = Assert.Single(manifests.Container["volumeMounts"].Items, mount => (string)mount["name"] == "tls");
        Assert.StartsWith((string)mount["mountPath"] + "/", options.Silo.Tls.Key, StringComparison.Ordinal);
        Assert.Contains(manifests.Pod["volumes"].Items, volume => volume["secret"] is { } secret && (string)secret["secretName"] == "incident-actors-silo-tls");
        var component = File.ReadAllText(Path.Combine(Manifests.Folder, "components", "cert-manager", "certificates.yaml"));
        Assert.Contains(Yaml.Parse(component), document => document["spec"]["secretName"] is { } secret && (string)secret == "incident-actors-silo-tls");
    }

    [Fact]
    public void The_namespace_is_made_before_anything_is_put_into_it()
    {
        var overlay = File.ReadAllText(Path.Combine(Manifests.Folder, "overlays", "production", "kustomization.yaml"));
        var space = (string)Yaml.Parse(overlay).Single()["namespace"];
        foreach (var text in new[] { overlay, File.ReadAllText(SourceTree.Path("deploy", "README.md")) })
        {
            var commands = text.Split('\n').Select(line => line.TrimStart('#', ' '))
                .Where(line => line.StartsWith("kubectl ", StringComparison.Ordinal)).ToArray();
            Assert.Equal($"kubectl create namespace {space}", commands[0]);
            Assert.All(commands[1..], line => Assert.Matches($"^kubectl (-n {space} |apply -k deploy/kubernetes/overlays/production$)", line));
        }
    }

    [KubectlTheory]
    [InlineData("single-node")]
    [InlineData("production")]
    public void The_port_of_silos_is_open_to_silos_alone_and_no_gateway_is_there(string overlay)
    {
        var manifests = Manifests.Of(overlay);
        var rules = manifests.One("NetworkPolicy")["spec"]["ingress"].Items.Where(rule => (string)rule["ports"].Items.Single()["port"] == "silo");

        var silos = Assert.Single(rules.SelectMany(rule => rule["from"].Items).Select(from => from["podSelector"]));
        var label = Assert.Single(silos["matchLabels"].Fields);
        Assert.Equal(("app.kubernetes.io/name", "incident-actors"), (label.Key, (string)label.Value));
        Assert.Null(CommandLine.Parse(manifests.Arguments())!.Silo.GatewayPort);
    }
}
