using IncidentActors.Behaviour;
using IncidentActors.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace IncidentActors.Orleans.Tests.Postgres;

/// <summary>What the providers of Orleans expect of our tables and queries, asked through the providers.</summary>
[NeedsPostgres]
public sealed class ProviderContractTests : IAsyncLifetime
{
    private static readonly GrainId Grain = GrainId.Create("incident", "INC-1");

    private PostgresSilos silos = null!;

    private IServiceProvider Services => silos.Silos[0].Services;

    public async Task InitializeAsync() => silos = await PostgresSilos.StartAsync();

    public async Task DisposeAsync() => await silos.DisposeAsync();

    [BehaviourFact]
    public async Task A_snapshot_is_written_only_on_the_version_that_was_read()
    {
        var storage = Services.GetRequiredKeyedService<IGrainStorage>(PostgresCluster.Snapshots);
        var first = new GrainState<Snapshot>(new Snapshot("one"));
        var late = new GrainState<Snapshot>(new Snapshot("late"));

        await storage.WriteStateAsync("state", Grain, first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", Grain, late));
        await storage.ReadStateAsync("state", Grain, late);
        Assert.Equal("one", late.State!.Text);
        first.State = new Snapshot("two");
        await storage.WriteStateAsync("state", Grain, first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", Grain, late));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("state", Grain, late));
        await storage.ClearStateAsync("state", Grain, first);
        await storage.ReadStateAsync("state", Grain, late);
        Assert.False(late.RecordExists);
    }

    [BehaviourFact]
    public async Task A_reminder_is_found_again_changed_and_deleted_by_its_version()
    {
        var table = Services.GetRequiredService<IReminderTable>();
        var entry = new ReminderEntry { GrainId = Grain, ReminderName = "look", StartAt = DateTime.UtcNow, Period = TimeSpan.FromDays(40) };

        var first = await table.UpsertRow(entry);
        var second = await table.UpsertRow(entry);
        Assert.NotEqual(first, second);
        Assert.Equal(TimeSpan.FromDays(40), (await table.ReadRow(Grain, "look"))!.Period);
        Assert.Contains((await table.ReadRows(0, 0)).Reminders, found => found.GrainId == Grain);
        var hash = Grain.GetUniformHashCode();
        Assert.Contains((await table.ReadRows(hash - 1, hash)).Reminders, found => found.GrainId == Grain);
        Assert.DoesNotContain((await table.ReadRows(hash, hash + 1)).Reminders, found => found.GrainId == Grain);
        Assert.False(await table.RemoveRow(Grain, "look", first!));
        Assert.True(await table.RemoveRow(Grain, "look", second!));
        Assert.Null(await table.ReadRow(Grain, "look"));
    }

    [BehaviourFact]
    public async Task The_cluster_knows_its_members_and_forgets_only_the_dead()
    {
        var table = Services.GetRequiredService<IMembershipTable>();
        var before = await table.ReadAll();
        Assert.Equal(3, before.Members.Count(member => member.Item1.Status == SiloStatus.Active));
        var (entry, etag) = before.Members[0];
        Assert.False(await table.UpdateRow(entry, etag, new TableVersion(before.Version.Version, "-1")));
        Assert.True(await table.UpdateRow(entry, etag, before.Version.Next()));

        await silos.Silos[2].StopAsync();

        var after = await table.ReadAll();
        Assert.Equal(2, after.Members.Count(member => member.Item1.Status == SiloStatus.Active));
        await table.CleanupDefunctSiloEntries(DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.All((await table.ReadAll()).Members, member => Assert.Equal(SiloStatus.Active, member.Item1.Status));
    }

    [BehaviourFact]
    public async Task The_schema_is_applied_once_however_many_silos_start_together()
    {
        var database = await PostgresServer.Shared.CreateDatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Orleans.Postgres.ClusterSchema.ApplyAsync(database, CancellationToken.None)));
        await Orleans.Postgres.ClusterSchema.ApplyAsync(database, CancellationToken.None);
    }

    public sealed record Snapshot(string Text);
}
