using System.Net.Http.Json;
using System.Text.Json;
using IncidentActors.Behaviour;
using IncidentActors.Testing;

namespace IncidentActors.Silo.Tests.Postgres;

/// <summary>A silo that stands still is a member like any other until the others have agreed that it is dead.</summary>
[NeedsPostgres]
public sealed class SilentSiloTests : IAsyncLifetime
{
    private ProcessSilos bench = null!;

    public async Task InitializeAsync() => bench = await ProcessSilos.StartAsync();

    public async Task DisposeAsync() => await bench.DisposeAsync();

    [BehaviourFact]
    public async Task A_halt_and_the_pages_are_seen_all_the_time_and_the_silent_silo_is_unconfirmed()
    {
        var (asked, silent) = (bench.Silos[0], bench.Silos[2]);
        asked.Client.DefaultRequestHeaders.Add("X-Agent", "@operator");
        using var raised = await asked.Client.PostAsJsonAsync("/api/halts", new { scope = "all", reason = "drill" });
        Assert.True(raised.IsSuccessStatusCode, await raised.Content.ReadAsStringAsync());
        var halt = (await raised.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        await Eventually.TrueAsync(async () => await ConfirmedAsync(asked, halt) is [true, true, true]);

        silent.Stall();
        try
        {
            await Eventually.TrueAsync(async () =>
            {
                using var page = await asked.Client.GetAsync("/halts");
                Assert.True(page.IsSuccessStatusCode, $"{page.StatusCode}");
                var nodes = await ConfirmedAsync(asked, halt);
                // On a busy machine another silo may be silent for a moment, too.
                Assert.InRange(nodes.Count(confirmed => confirmed), 0, 2);
                return nodes is [true, true];
            });
        }
        finally
        {
            silent.Resume();
        }
    }

    /// <summary>Of each silo whether it has confirmed the halt.</summary>
    private static async Task<IReadOnlyList<bool>> ConfirmedAsync(ServerProcess silo, string halt)
    {
        using var answer = await silo.Client.GetAsync($"/api/halts/{halt}");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("confirmed").GetBoolean())];
    }
}
