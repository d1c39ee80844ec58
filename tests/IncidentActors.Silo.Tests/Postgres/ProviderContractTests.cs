using IncidentActors.Behaviour;
using IncidentActors.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IncidentActors.Silo.Tests.Postgres;

/// <summary>What the providers of Orleans expect of our tables and queries, asked through the providers.</summary>
[NeedsPostgres]
public sealed class ProviderContractTests : IAsyncLifetime
{
    private PostgresSilos silos = null!;

    private IServiceProvider Services => silos.Silos[0].Services;

    public async Task InitializeAsync() => silos = await PostgresSilos.StartAsync();

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task The_cluster_knows_its_members_and_forgets_only_the_dead()
    {
        var table = Services.GetRequiredService<IMembershipTable>();
        var before = await table.ReadAllAsync(default);
        Assert.Equal(3, before.Members.Count(member => member.Item1.Status == SiloStatus.Active));
        var (entry, etag) = before.Members[0];
        Assert.False(await table.UpdateRowAsync(entry, etag, new TableVersion(before.Version.Version, "-1"), default));
        Assert.True(await table.UpdateRowAsync(entry, etag, before.Version.Next(), default));

        await silos.Silos[2].StopAsync();

        var after = await table.ReadAllAsync(default);
        Assert.Equal(2, after.Members.Count(member => member.Item1.Status == SiloStatus.Active));
        await table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.UtcNow.AddMinutes(1), default);
        Assert.All((await table.ReadAllAsync(default)).Members, member => Assert.Equal(SiloStatus.Active, member.Item1.Status));
    }

    [BehaviourFact]
    public async Task The_schema_is_applied_once_however_many_silos_start_together()
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Silo.Postgres.ClusterSchema.ApplyAsync(database, CancellationToken.None)));
        await Silo.Postgres.ClusterSchema.ApplyAsync(database, CancellationToken.None);
    }
}
