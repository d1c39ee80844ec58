using System.Buffers;
using IncidentActors.Core.Decisions;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace IncidentActors.Silo.Wire;

/// <summary>
/// An acceptance travels as <see cref="AcceptedOnWire"/>: its answer is written once, by the silo that gave it, and parsed only
/// when needed. Refusals are JSON.
/// </summary>
internal sealed class OutcomeCodec(IFieldCodec<AcceptedOnWire> acceptances) : IFieldCodec<Outcome>
{
    private readonly CoreCodec<Outcome> refusals = new();

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, Outcome? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (value is Accepted accepted) acceptances.WriteField(ref writer, fieldIdDelta, expectedType!, AcceptedOnWire.Of(accepted));
        else refusals.WriteField(ref writer, fieldIdDelta, expectedType, value);
    }

    public Outcome ReadValue<TInput>(ref Reader<TInput> reader, Field field) => field.FieldType == typeof(AcceptedOnWire)
        ? acceptances.ReadValue(ref reader, field).ToOutcome()
        : refusals.ReadValue(ref reader, field)!;
}

/// <summary>The wire form of an <see cref="Accepted"/>.</summary>
[GenerateSerializer]
[Alias("incident-actors.accepted")]
internal struct AcceptedOnWire
{
    /// <summary>UTF-8 JSON.</summary>
    [Id(0)]
    public ReadOnlyMemory<byte> Answer { get; set; }

    [Id(1)]
    public long Version { get; set; }

    [Id(2)]
    public bool Replayed { get; set; }

    [Id(3)]
    public long Position { get; set; }

    public static AcceptedOnWire Of(Accepted accepted) =>
        new() { Answer = accepted.AnswerWritten, Version = accepted.Version, Replayed = accepted.Replayed, Position = accepted.Position };

    public readonly Accepted ToOutcome()
    {
        var answer = Answer;
        return new Accepted(() => answer, Version, Replayed, Position);
    }
}
