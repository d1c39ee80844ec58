using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IncidentActors.Engine.Records;

namespace IncidentActors.Silo.Access;

/// <summary>
/// The secret by which silos know each other's calls. A client can claim to be any sender, but it does not know the secret: it is in the
/// journal, and silos show it to silos only.
/// </summary>
internal sealed class SiloSeal(IRecords records) : ILifecycleParticipant<ISiloLifecycle>
{
    private const string Header = "incident-actors.silo";
    private const int SecretBytes = 32;

    private string? secret;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(SiloSeal), ServiceLifecycleStage.First, LoadAsync);

    /// <summary>Reads the secret; the first silo on the journal makes it.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        while (secret is null)
        {
            if (await records.FindAsync(RecordKinds.SiloSeal, RecordKinds.SiloSeal, cancel) is { } record)
            {
                secret = JsonSerializer.Deserialize<string>(record.Document.Span);
                continue;
            }

            var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
            await records.WriteAsync(
                [new RecordWrite(RecordKinds.SiloSeal, RecordKinds.SiloSeal, 0, JsonSerializer.SerializeToUtf8Bytes(made))], cancel);
        }
    }

    /// <summary>Puts it on the call that the caller's method makes next.</summary>
    public void PutOn()
    {
        if (secret is not null) RequestContext.Set(Header, secret);
    }

    /// <summary>Removes the seal from the call and returns whether a silo has sent it.</summary>
    public bool TakeOff()
    {
        var shown = RequestContext.Get(Header) as string;
        RequestContext.Remove(Header);
        return shown is not null && secret is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(secret));
    }
}
