using System.Globalization;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Npgsql;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>Server processes on a common database.</summary>
internal static class Nodes
{
    /// <summary>The shortest: others take over what a stalled node has begun, and it wakes up in the middle of it.</summary>
    public static readonly TimeSpan EffectLease = TimeSpan.FromSeconds(1);

    public static ServerProcess Of(string database) =>
        new("--journal", database, "--effect-lease", $"{EffectLease.TotalSeconds}s", "--silo-port", $"{Ports.Free()}");

    /// <summary>The nodes are the active members of one cluster.</summary>
    public static async Task AssertClusterAsync(IReadOnlyList<ServerProcess> nodes, string database) =>
        Assert.Equal(nodes.Count, await ActiveSilosAsync(database));

    /// <summary>
    /// Waits for the node. A silo that its cluster took for dead, because it stood still for too long, ends and says so, perhaps while it is
    /// waited for; it is started again, as its operator would do. Another end is a failure.
    /// </summary>
    /// <returns>True: it had to be started again.</returns>
    public static Task<bool> UntilReadyAsync(ServerProcess node) => UntilReadyAsync(node, start: false);

    /// <summary>Starts the node and waits for it, as <see cref="UntilReadyAsync(ServerProcess)"/> does.</summary>
    public static Task StartAsync(ServerProcess node) => UntilReadyAsync(node, start: true);

    private static async Task<bool> UntilReadyAsync(ServerProcess node, bool start)
    {
        for (var again = false; ; again = true)
        {
            try
            {
                await (start || again ? node.StartAsync() : node.UntilReadyAsync());
                return again;
            }
            catch (InvalidOperationException) when (node.HasEnded)
            {
                if (await node.EndAsync() != (int)ExitCode.Expelled) throw;
            }
        }
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
