using System.Globalization;
using System.Text.Json;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Npgsql;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>Server processes of one engine on a common database; the engine is named, never left to the build.</summary>
internal static class Nodes
{
    public const string Embedded = "embedded";
    public const string Silo = "orleans";

    /// <summary>The shortest: others take over what a stalled node has begun, and it wakes up in the middle of it.</summary>
    public static readonly TimeSpan EffectLease = TimeSpan.FromSeconds(1);

    public static ServerProcess Of(string engine, string database)
    {
        string[] arguments = ["--journal", database, "--engine", engine, "--effect-lease", $"{EffectLease.TotalSeconds}s"];
        return engine == Silo
            ? new ServerProcess([.. arguments, "--silo-address", "127.0.0.1", "--silo-port", $"{Ports.Free()}", "--gateway-port", $"{Ports.Free()}"])
            : new ServerProcess(arguments);
    }

    /// <summary>The nodes say so, and silos are also members of one cluster: as many as there are nodes, and not one where they are none.</summary>
    public static async Task AssertEngineAsync(string engine, IReadOnlyList<ServerProcess> nodes, string database)
    {
        foreach (var node in nodes)
        {
            using var health = JsonDocument.Parse(await node.Client.GetStringAsync("/healthz"));
            Assert.Equal(engine, health.RootElement.GetProperty("engine").GetString());
        }

        Assert.Equal(engine == Silo ? nodes.Count : 0, await ActiveSilosAsync(database));
    }

    /// <summary>
    /// Waits for the node. A silo that its cluster took for dead, because the machine kept it standing, has ended and said so; it is started
    /// again, as whoever runs it would. Another end is a failure.
    /// </summary>
    /// <returns>True: it had to be started again.</returns>
    public static async Task<bool> UntilReadyAsync(ServerProcess node)
    {
        var expelled = node.HasEnded && await node.EndAsync() == (int)ExitCode.Expelled;
        if (expelled) await node.StartAsync();
        await node.UntilReadyAsync();
        return expelled;
    }

    public static async Task<int> ActiveSilosAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var exists = new NpgsqlCommand("select to_regclass('orleans.members') is not null", connection);
        if (await exists.ExecuteScalarAsync() is false) return 0;
        await using var count = new NpgsqlCommand("select count(*) from orleans.members where status = 3", connection);
        return Convert.ToInt32(await count.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
