using IncidentActors.Server.Hosting;
using IncidentActors.Server.Telemetry;
using IncidentActors.Server.Tests.Deploy;

namespace IncidentActors.Server.Tests.Telemetry;

/// <summary>What <c>deploy/compose.yaml</c> starts fits together: the server understands its arguments, and everybody finds the others.</summary>
public sealed class ComposeTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "deploy");
    private static readonly Yaml Compose = Read("compose.yaml");

    private static readonly string[] Nodes = ["node-1", "node-2"];

    [Fact]
    public void Prometheus_scrapes_the_ports_on_which_the_nodes_listen()
    {
        var ports = Nodes.Select(node => CommandLine.Parse([.. Compose["services"][node]["command"].Items.Select(item => (string)item)])!.Port);
        var targets = Read("prometheus/prometheus.yml")["scrape_configs"].Items.Single()["static_configs"].Items.Single()["targets"].Items;
        Assert.Equal(ports.Select(port => $"127.0.0.1:{port}"), targets.Select(target => (string)target));
    }

    [Fact]
    public void Nodes_export_to_the_collector_and_the_collector_to_Jaeger()
    {
        var node = Compose["x-node"]["environment"];
        Assert.NotNull(node[CommandLine.JournalVariable]);
        var collector = Read("otel-collector/config.yaml");
        Assert.Equal($"http://{(string)collector["receivers"]["otlp"]["protocols"]["http"]["endpoint"]}", (string)node[TelemetryHosting.EndpointVariable]);
        Assert.Equal(
            $"http://{(string)Compose["services"]["jaeger"]["environment"]["COLLECTOR_OTLP_HTTP_HOST_PORT"]}",
            (string)collector["exporters"]["otlphttp/jaeger"]["endpoint"]);
    }

    [Fact]
    public void Every_file_that_is_mounted_is_there_and_every_image_has_a_version()
    {
        var services = Compose["services"].Fields.ToList();
        var mounts = services.Where(service => service.Value["volumes"] is not null).SelectMany(service => service.Value["volumes"].Items)
            .Select(mount => ((string)mount).Split(':')[0]).Where(mount => mount.StartsWith("./", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, mounts.Count);
        Assert.All(mounts, mount => Assert.True(Path.Exists(Path.Combine(Folder, mount)), mount));
        Assert.All(services.Where(service => service.Value["image"] is not null), service => Assert.Contains(':', (string)service.Value["image"]));
    }

    [Fact]
    public void Grafana_finds_the_dashboards_and_the_figures()
    {
        var provider = Read("grafana/provisioning/dashboards/incidentactors.yaml")["providers"].Items.Single();
        Assert.Contains(Compose["services"]["grafana"]["volumes"].Items, mount => ((string)mount).Split(':')[1] == (string)provider["options"]["path"]);
        var prometheus = Read("grafana/provisioning/datasources/incidentactors.yaml")["datasources"].Items
            .Single(source => (string)source["type"] == "prometheus");
        Assert.Contains(
            Compose["services"]["prometheus"]["command"].Items,
            argument => ((string)prometheus["url"]).EndsWith(((string)argument).Split('=')[1], StringComparison.Ordinal));
    }

    private static Yaml Read(string file) => Yaml.Parse(File.ReadAllText(Path.Combine(Folder, file)))[0];
}
