using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using IncidentActors.Behaviour;
using IncidentActors.Client;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine;
using IncidentActors.Engine.Nodes;
using IncidentActors.Silo.Tests.Access;
using IncidentActors.Storage.Postgres;
using IncidentActors.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using static IncidentActors.Behaviour.Expect;

namespace IncidentActors.Silo.Tests.Tls;

/// <summary>Silos and clients with certificates, and everything else that connects to their ports.</summary>
[NeedsPostgres]
public sealed class TlsTests : IAsyncLifetime
{
    private readonly TestAuthority ours = new();
    private readonly TestAuthority others = new();
    private readonly List<(IHost Host, PostgresStore Journal)> silos = [];
    private readonly int gateway = Ports.Free();
    private readonly int port = Ports.Free();
    private string database = "";

    public async Task InitializeAsync()
    {
        database = await PostgresServer.Shared.CreateDatabaseAsync();
        await StartAsync(port, gateway);
        await StartAsync(Ports.Free(), null);
    }

    public async Task DisposeAsync()
    {
        foreach (var (host, journal) in silos)
        {
            await host.StopAsync();
            host.Dispose();
            await journal.DisposeAsync();
        }

        ours.Dispose();
        others.Dispose();
    }

    [BehaviourFact]
    public async Task Silos_and_clients_with_certificates_form_a_cluster_and_all_others_are_refused()
    {
        var nodes = silos[0].Host.Services.GetRequiredService<INodes>();
        await Eventually.TrueAsync(async () => await nodes.CountAsync() is (2, 0), "both silos answer each other");
        var token = await new ClientTokens(silos[0].Journal).MakeAsync("@pm", "pm");
        using var client = await ClientAsync(ours.Client(), token);
        var declare = new DeclareIncident("checkout is down", Severity.Sev3, IncidentCategory.Availability);
        await OkAsync(client.Services.GetRequiredService<ClusterActors>().DeclareAsync(declare, By("@pm")));
        await client.StopAsync();

        Assert.True(await TakenAsync(gateway, ours.Client()));
        Assert.True(await TakenAsync(port, ours.Silo("another")));
        await RefusedAsync(gateway, null);
        await RefusedAsync(port, null);
        await RefusedAsync(port, ours.Client());
        await RefusedAsync(gateway, others.Client());
        await RefusedAsync(port, others.Silo());
    }

    [BehaviourFact]
    public async Task A_replaced_certificate_is_shown_from_the_next_connection_on()
    {
        var before = await ShownAsync();
        ours.Silo();
        Assert.NotEqual(before, await ShownAsync());
        var last = await ShownAsync();

        File.Copy(ours.Silo("another").Key, Tls().Key!, true);
        Assert.Equal(last, await ShownAsync());
    }

    private SiloTls Tls()
    {
        var folder = Path.GetDirectoryName(ours.Authority)!;
        return new SiloTls(Path.Combine(folder, "silo.crt"), Path.Combine(folder, "silo.key"), ours.Authority);
    }

    private async Task StartAsync(int at, int? clients)
    {
        if (silos.Count == 0) ours.Silo();
        var journal = new PostgresStore(database);
        await journal.OpenAsync(CancellationToken.None);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.AddSilo(journal, new EngineOptions { Node = $"silo-{silos.Count}" }, new SiloSettings
        {
            Postgres = database, SiloPort = at, GatewayPort = clients, Tls = Tls(), ResponseTimeout = ClusterBench.Patient,
        });
        var host = builder.Build();
        await host.StartAsync();
        silos.Add((host, journal));
    }

    private async Task<IHost> ClientAsync((string Certificate, string Key) files, string token)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.AddIncidentClient(options =>
        {
            (options.Gateways, options.Token, options.ResponseTimeout) = ([$"127.0.0.1:{gateway}"], token, ClusterBench.Patient);
            options.Tls = new SiloTls(files.Certificate, files.Key, ours.Authority);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The silo keeps the connection and waits for what comes.</summary>
    private static async Task<bool> TakenAsync(int at, (string Certificate, string Key) files)
    {
        try
        {
            return await ReadAsync(at, files, TimeSpan.FromSeconds(2)) > 0;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            return false;
        }
    }

    /// <summary>Waits until the silo has closed the connection.</summary>
    private static async Task RefusedAsync(int at, (string Certificate, string Key)? files)
    {
        try
        {
            Assert.Equal(0, await ReadAsync(at, files, Timeout.InfiniteTimeSpan).EndsAsync("the end of a connection that is refused"));
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            // It was reset.
        }
    }

    /// <summary>Bytes that come first; 0: the silo has closed the connection.</summary>
    /// <param name="wait">Counts from the handshake on.</param>
    private static async Task<int> ReadAsync(int at, (string Certificate, string Key)? files, TimeSpan wait)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, at);
        await using var tls = new SslStream(socket.GetStream(), false, static (_, _, _, _) => true);
        var options = new SslClientAuthenticationOptions { TargetHost = "silo" };
        if (files is { } own) options.ClientCertificates = [X509Certificate2.CreateFromPemFile(own.Certificate, own.Key)];
        await tls.AuthenticateAsClientAsync(options);
        using var limit = new CancellationTokenSource(wait);
        return await tls.ReadAsync(new byte[1], limit.Token);
    }

    /// <summary>Serial number of the certificate that the silo shows.</summary>
    private async Task<string> ShownAsync()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, gateway);
        await using var tls = new SslStream(socket.GetStream(), false, static (_, _, _, _) => true);
        var client = ours.Client();
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "silo", ClientCertificates = [X509Certificate2.CreateFromPemFile(client.Certificate, client.Key)],
        });
        return tls.RemoteCertificate!.GetSerialNumberString();
    }
}
