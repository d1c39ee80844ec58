using System.Net;
using IncidentActors.Silo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace IncidentActors.Client;

/// <summary>Adds an <see cref="IncidentClient"/> to a host.</summary>
public static class IncidentClientHosting
{
    /// <summary>The client of section <c>IncidentActors</c>. It connects when the host starts; the start fails if no gateway is reached.</summary>
    /// <exception cref="InvalidOperationException">It does not say where the cluster is, or says it twice.</exception>
    public static IHostApplicationBuilder AddIncidentClient(this IHostApplicationBuilder host) => host.AddIncidentClient(null);

    /// <inheritdoc cref="AddIncidentClient(IHostApplicationBuilder)"/>
    /// <param name="configure">Applied after the section.</param>
    public static IHostApplicationBuilder AddIncidentClient(this IHostApplicationBuilder host, Action<IncidentClientOptions>? configure)
    {
        host.Services.AddIncidentClient(host.Configuration.GetSection(IncidentClientOptions.Section), configure);
        return host;
    }

    /// <inheritdoc cref="AddIncidentClient(IHostApplicationBuilder, Action{IncidentClientOptions})"/>
    /// <param name="section">The section of the client's options.</param>
    public static IServiceCollection AddIncidentClient(
        this IServiceCollection services, IConfiguration section, Action<IncidentClientOptions>? configure)
    {
        services.AddOptions<IncidentClientOptions>().Bind(section).Configure(options => configure?.Invoke(options));
        var given = new IncidentClientOptions();
        section.Bind(given);
        configure?.Invoke(given);
        if (given.ConnectionString is null == (given.Gateways.Count == 0))
        {
            throw new InvalidOperationException(
                $"{IncidentClientOptions.Section} needs either {nameof(given.ConnectionString)} or {nameof(given.Gateways)} to find the cluster.");
        }

        return services.AddOrleansClient(client =>
        {
            client.AddIncidentClient();
            client.Services.AddSingleton<IOutgoingGrainCallFilter>(provider =>
            {
                var options = provider.GetRequiredService<IOptionsMonitor<IncidentClientOptions>>();
                return new CallToken.Filter(() => options.CurrentValue.Token);
            });
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = given.ResponseTimeout);
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (given.ClusterId, given.ServiceId));
            if (given.Tls is { } tls) client.UseClusterTls(tls);
            if (given.ConnectionString is { } database) client.UsePostgresCluster(database);
            else client.UseStaticClustering([.. given.Gateways.SelectMany(Addresses)]);
        });
    }

    private static IEnumerable<IPEndPoint> Addresses(string gateway) =>
        Uri.TryCreate($"tcp://{gateway}", UriKind.Absolute, out var uri) && uri.Port > 0
            ? Dns.GetHostAddresses(uri.DnsSafeHost).Select(address => new IPEndPoint(address, uri.Port))
            : throw new InvalidOperationException($"{IncidentClientOptions.Section}:Gateways: '{gateway}' is not 'host:port'.");
}
