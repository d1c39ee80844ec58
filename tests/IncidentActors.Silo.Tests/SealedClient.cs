using IncidentActors.Client;
using IncidentActors.Engine.Records;
using IncidentActors.Silo.Access;

namespace IncidentActors.Silo.Tests;

/// <summary>A client that calls as the server's own process does: every caller and every command is believed.</summary>
internal static class SealedClient
{
    /// <param name="while">Null: always.</param>
    public static IClientBuilder AddSealedClient(this IClientBuilder client, IRecords records, Func<bool>? @while = null)
    {
        var seal = new SiloSeal(records);
        seal.LoadAsync(CancellationToken.None).GetAwaiter().GetResult();
        var seals = new SealedCalls(seal);
        return client.AddIncidentClient().AddOutgoingGrainCallFilter(context => @while?.Invoke() == false ? context.Invoke() : seals.Invoke(context));
    }
}
