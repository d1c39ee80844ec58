using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace IncidentActors.Silo.Wire;

/// <summary>
/// One contract of Core as the JSON that is also stored. The method that it is an argument of says which contract it is, and the JSON
/// says which of its records, so no name of a type is sent: reading names cost more than all the rest.
/// </summary>
internal sealed class CoreCodec<T> : IFieldCodec<T>
    where T : class
{
    private static readonly bool IsAsked = typeof(T) == typeof(Call) || typeof(T).IsAssignableTo(typeof(ICommand));

    /// <summary>Calls and commands are written without null properties, answers with them.</summary>
    private readonly JsonTypeInfo<T> shape = (JsonTypeInfo<T>)(IsAsked ? CoreJson.Options : CoreJson.Views).GetTypeInfo(typeof(T));

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, T? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (value is null)
        {
            ReferenceCodec.WriteNullReference(ref writer, fieldIdDelta);
            return;
        }

        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeader(fieldIdDelta, expectedType!, typeof(T), WireType.LengthPrefixed);
        var json = JsonSerializer.SerializeToUtf8Bytes(value, shape);
        writer.WriteVarUInt32((uint)json.Length);
        writer.Write(json);
    }

    [return: MaybeNull]
    public T ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.IsReference) return ReferenceCodec.ReadReference<T, TInput>(ref reader, field);
        field.EnsureWireType(WireType.LengthPrefixed);
        ReferenceCodec.MarkValueField(reader.Session);
        var length = reader.ReadVarUInt32();
        return JsonSerializer.Deserialize(reader.TryReadBytes((int)length, out var json) ? json : reader.ReadBytes(length), shape);
    }
}
